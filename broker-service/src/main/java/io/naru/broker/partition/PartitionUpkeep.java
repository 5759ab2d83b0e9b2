package io.naru.broker.partition;

import io.naru.broker.runtime.Loop;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.CompactionLimits;
import io.naru.commitlog.CompactionNeed;
import io.naru.commitlog.CompactionReport;
import io.naru.commitlog.LogCompaction;
import io.naru.commitlog.LogState;
import io.naru.commitlog.RetentionLimits;
import io.naru.commitlog.compaction.Compactor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes records away from one partition, on request or because they are too old or too many. Never above the high
 * watermark, and never on the partition's loop but for what only the owner may do.
 */
final class PartitionUpkeep {
    private static final Logger LOG = System.getLogger(PartitionUpkeep.class.getName());

    private final PartitionName name;
    private final CommitLog log;
    private final PartitionView view;
    private final PartitionReader reader;
    private final PartitionFailures failures;
    private final Loop loop;
    private final PartitionRuntime runtime;

    PartitionUpkeep(
            PartitionName name,
            CommitLog log,
            PartitionView view,
            PartitionReader reader,
            PartitionFailures failures,
            Loop loop,
            PartitionRuntime runtime) {
        this.name = name;
        this.log = log;
        this.view = view;
        this.reader = reader;
        this.failures = failures;
        this.loop = loop;
        this.runtime = runtime;
    }

    /** As {@link Partition#deleteBefore} says. */
    CompletionStage<Long> deleteBefore(long offset) {
        // On a thread of its own: a caller who gives up and is interrupted would break the work off in its midst.
        try {
            return CompletableFuture.supplyAsync(() -> deleteNow(offset), runtime.blocking());
        } catch (RejectedExecutionException _) {
            return CompletableFuture.failedFuture(PartitionFailures.shuttingDown());
        }
    }

    /**
     * Does what the passing of time asks for: begins a new segment, and deletes records that are too old or too many.
     * Blocks on the disk; one thread at a time, not the loop.
     *
     * @throws IOException if the disk failed, or the log takes no writes
     */
    void keepUp() throws IOException {
        if (view.ended() != null) {
            return;
        }
        long now = runtime.clock().millis();
        RetentionLimits limits = view.settings().retention();
        try {
            CompletableFuture.runAsync(() -> rollIfDue(limits, now), loop).join();
        } catch (RejectedExecutionException | CompletionException e) {
            LOG.log(Level.DEBUG, () -> name + " was not looked after", e);
            return;
        }
        log.upkeep().expire(limits, now, view.highWatermark());
    }

    /** What there is to compact; null if the topic is not compacted, or nothing is to be done here any more. */
    @Nullable
    CompactionNeed compactionNeed() {
        CompactionLimits limits = view.settings().compaction();
        return limits == null || view.ended() != null || !(log.state() instanceof LogState.Writable)
                ? null
                : log.compaction().need(limits, runtime.clock().millis(), view.highWatermark());
    }

    /**
     * Compacts what is below the high watermark. Takes its time; one thread at a time, not the loop.
     *
     * @param ended asked now and then; once it says so, this fails soon
     * @throws IOException as {@link LogCompaction#compact} says
     */
    CompactionReport compact(Compactor with, BooleanSupplier ended) throws IOException {
        CompactionLimits limits = Objects.requireNonNull(view.settings().compaction(), "the topic is not compacted");
        return log.compaction().compact(with, limits, runtime.clock().millis(), view.highWatermark(), ended);
    }

    /** Gives back the room of records that were deleted long enough ago. */
    void purge() {
        log.upkeep().purge(runtime.clock().millis(), view.settings().fileDeleteDelayMillis());
    }

    private long deleteNow(long offset) {
        reader.requireReadable();
        long limit = view.highWatermark();
        if (offset > limit) {
            throw failures.aboveHighWatermark(offset, log.logStartOffset(), limit);
        }
        try {
            return log.upkeep().deleteBefore(offset, runtime.clock().millis());
        } catch (IOException e) {
            LOG.log(Level.ERROR, () -> "Deleting records of " + name + " failed", e);
            throw failures.notDeleted(e);
        }
    }

    private void rollIfDue(RetentionLimits limits, long now) {
        try {
            log.rollIfDue(limits, now);
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "A new segment of " + name + " could not be begun; it will be later", e);
        }
    }
}

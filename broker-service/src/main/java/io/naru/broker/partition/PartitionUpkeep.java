package io.naru.broker.partition;

import io.naru.broker.runtime.Loop;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.RetentionLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

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

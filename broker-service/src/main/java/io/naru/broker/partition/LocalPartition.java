package io.naru.broker.partition;

import io.naru.broker.partition.PartitionState.Waiting;
import io.naru.broker.runtime.Loop;
import io.naru.broker.runtime.Timers;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.ForceListener;
import io.naru.commitlog.GroupCommit;
import io.naru.commitlog.LogAppend;
import io.naru.commitlog.LogFencedException;
import io.naru.commitlog.LogFullException;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.OffsetOutOfRangeException;
import io.naru.commitlog.TimestampedOffset;
import io.naru.commitlog.batch.RecordBatch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A partition with a log on this broker. Its owner is one {@link Loop}: appends, acknowledgements and changes of
 * leadership happen there and nowhere else, and callers on other threads post to it. Readers take the log's immutable
 * snapshots and the published high watermark, and never the owner's time.
 *
 * <p>What was acknowledged survives a crash in the way the topic's flush configs promise; appends that still waited
 * fail with {@link ErrorCode#UNCONFIRMED} when leadership ends, and their callers see a broken connection when the
 * process does.
 */
final class LocalPartition implements Partition, ForceListener {
    private static final Logger LOG = System.getLogger(LocalPartition.class.getName());
    private static final int NOT_LEADING = -1;
    private static final Duration LONGEST_FLUSH_DELAY = Duration.ofDays(365);

    private final String topic;
    private final TopicId topicId;
    private final int number;
    private final CommitLog log;
    private final PartitionRuntime runtime;
    private final Loop loop;
    private final AdvanceListeners listeners = new AdvanceListeners();

    private volatile TopicSettings settings;
    private volatile long highWatermark;
    private volatile int leaderEpoch = NOT_LEADING;

    /** Why nothing can be read or written here any more; null while it can. */
    private volatile @Nullable NaruException closed;

    private volatile long forcedTold = -1;

    // Confined to the loop.
    private final PartitionState state;
    private final RecordBatch header = new RecordBatch();
    private Timers.@Nullable Timer flushTimer;
    private boolean forceFailed;

    /** What all partitions of a broker share. */
    record PartitionRuntime(GroupCommit commits, ByteBudget budget, Timers timers, InstantSource clock) {}

    LocalPartition(
            String topic,
            TopicId topicId,
            int number,
            TopicSettings settings,
            CommitLog log,
            Loop loop,
            PartitionRuntime runtime) {
        this.topic = topic;
        this.topicId = topicId;
        this.number = number;
        this.settings = settings;
        this.log = log;
        this.loop = loop;
        this.runtime = runtime;
        this.state = new PartitionState(log.logEndOffset(), settings.forcesBeforeAcknowledging());
        this.highWatermark = state.highWatermark();
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public TopicId topicId() {
        return topicId;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public TopicSettings settings() {
        return settings;
    }

    @Override
    public long logStartOffset() {
        return log.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return log.logEndOffset();
    }

    @Override
    public long highWatermark() {
        return highWatermark;
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }

    @Override
    public int segmentCount() {
        return log.segmentCount();
    }

    boolean leading() {
        return leaderEpoch != NOT_LEADING;
    }

    @Override
    public CompletionStage<Appended> append(ByteBuffer batch, Acks acks) {
        var append = new PendingAppend(batch, acks, runtime.budget());
        if (!append.admitted()) {
            append.fail(new NaruException(
                    ErrorCode.OVERLOADED,
                    "%d bytes wait for the disk, and produce.max-pending-bytes allows %d. Send again in a moment."
                            .formatted(
                                    runtime.budget().taken(), runtime.budget().limit())));
            return append;
        }
        try {
            loop.execute(() -> take(append));
        } catch (RejectedExecutionException _) {
            append.fail(shuttingDown());
        }
        return append;
    }

    @Override
    public LogSlice read(long offset, int maxBytes) throws IOException {
        requireReadable();
        long limit = highWatermark;
        try {
            return log.read(offset, maxBytes, limit);
        } catch (OffsetOutOfRangeException e) {
            throw outOfRange(offset, limit);
        }
    }

    private void requireReadable() {
        NaruException reason = closed;
        if (reason != null) {
            throw reason;
        }
        if (leaderEpoch == NOT_LEADING) {
            throw new NaruException(
                    ErrorCode.LEADER_UNAVAILABLE,
                    "This broker does not lead %s now. Ask again in a moment.".formatted(this));
        }
    }

    @Override
    public OptionalLong offsetAt(long timestamp) throws IOException {
        requireReadable();
        Optional<TimestampedOffset> found = log.offsetForTime(timestamp);
        return found.isPresent() && found.get().offset() < highWatermark
                ? OptionalLong.of(found.get().offset())
                : OptionalLong.empty();
    }

    @Override
    public Subscription onAdvance(Runnable listener) {
        return listeners.add(listener);
    }

    /** Takes leadership, or goes on leading in a newer epoch; done when the stage is. */
    CompletionStage<?> lead(int epoch) {
        return onLoop(() -> leaderEpoch = closed == null ? epoch : NOT_LEADING);
    }

    /** Gives leadership up; appends that wait are told that their outcome is unknown. */
    CompletionStage<?> stopLeading() {
        return onLoop(() -> resign(new NaruException(
                ErrorCode.UNCONFIRMED,
                "Leadership of %s moved while the append waited; it may or may not be stored.".formatted(this))));
    }

    /**
     * Takes new configs of the topic; in force when the stage is done. From then on, where the topic forces before
     * acknowledging, so is every acknowledgement; what was acknowledged before is forced right away.
     */
    CompletionStage<?> reconfigure(TopicSettings changed) {
        return onLoop(() -> {
            settings = changed;
            log.reconfigure(changed.log());
            if (flushTimer != null) {
                flushTimer.cancel();
                flushTimer = null;
            }
            // After a failed force nobody knows what the disk holds: readers see no more than what is on it for sure.
            release(state.forcedMode(changed.forcesBeforeAcknowledging() || forceFailed));
            forcedTold = -1;
            force();
        });
    }

    /**
     * Ends this partition here; its log is closed or deleted by the caller once this stage is done.
     *
     * @param reason what readers and writers are told from now on
     */
    CompletionStage<?> close(NaruException reason) {
        closed = reason;
        return onLoop(() -> {
            resign(new NaruException(
                    ErrorCode.UNCONFIRMED,
                    "The broker stopped serving %s while the append waited; it may or may not be stored."
                            .formatted(this)));
            if (flushTimer != null) {
                flushTimer.cancel();
            }
        });
    }

    @Override
    public void forced(CommitLog forcedLog, long forcedEndOffset) {
        // One round answers each append that asked for it; the first answer says all.
        if (forcedEndOffset <= forcedTold) {
            return;
        }
        forcedTold = forcedEndOffset;
        post(() -> release(state.forced(forcedEndOffset)));
    }

    @Override
    public void failed(CommitLog failedLog, IOException cause) {
        LOG.log(Level.ERROR, () -> "Forcing %s failed; it takes no more writes".formatted(this), cause);
        post(() -> {
            forceFailed = true;
            release(state.forcedMode(true));
            abandon(new NaruException(
                    ErrorCode.UNCONFIRMED,
                    "The disk failed to confirm the append to %s; it may or may not be stored.".formatted(this),
                    cause));
        });
    }

    private void take(PendingAppend append) {
        int epoch = leaderEpoch;
        NaruException reason = closed;
        if (reason != null) {
            append.fail(reason);
            return;
        }
        if (epoch == NOT_LEADING) {
            append.fail(new NaruException(
                    ErrorCode.LEADER_UNAVAILABLE, "This broker does not lead %s now. Send again.".formatted(this)));
            return;
        }
        Appended appended;
        try {
            appended = write(append.batch(), epoch);
        } catch (LogFullException e) {
            append.fail(new NaruException(
                    ErrorCode.STORAGE_FULL,
                    "The disk is full; nothing was stored. Reading goes on, and writing will when space returns.",
                    e));
            return;
        } catch (LogFencedException e) {
            append.fail(storageFailed(e));
            return;
        } catch (IOException e) {
            LOG.log(Level.ERROR, () -> "Appending to %s failed".formatted(this), e);
            append.fail(storageFailed(e));
            return;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, () -> "Appending to %s failed in a way it should not".formatted(this), e);
            append.fail(new NaruException(
                    ErrorCode.INTERNAL,
                    "The append to %s failed inside the broker; it may or may not be stored. The broker's log says more."
                            .formatted(this),
                    e));
            return;
        }
        List<Waiting> released = state.appended(appended);
        if (append.acks() == Acks.LEADER) {
            release(released);
            append.succeed(appended);
        } else if (appended.lastOffset() < state.highWatermark()) {
            release(released);
            append.succeed(appended);
        } else {
            state.await(new Waiting(appended, append));
            release(released);
        }
        forceAsConfigured();
    }

    private Appended write(ByteBuffer batch, int epoch) throws IOException {
        long now = runtime.clock().millis();
        boolean stamp = settings.logAppendTime();
        if (stamp) {
            header.wrap(batch, batch.position()).stampAppendTime(now);
        }
        LogAppend written = log.append(batch, epoch, now);
        return new Appended(written.baseOffset(), written.lastOffset(), stamp ? now : -1);
    }

    private void forceAsConfigured() {
        TopicSettings now = settings;
        if (state.unforcedRecords() >= now.forceEvery()) {
            force();
        } else if (flushTimer == null && now.flushMillis() != Long.MAX_VALUE) {
            flushTimer = runtime.timers()
                    .after(
                            flushDelay(now),
                            () -> post(() -> {
                                flushTimer = null;
                                if (state.hasUnforced()) {
                                    force();
                                }
                            }));
        }
    }

    private static Duration flushDelay(TopicSettings settings) {
        return Duration.ofMillis(Math.min(settings.flushMillis(), LONGEST_FLUSH_DELAY.toMillis()));
    }

    private void force() {
        runtime.commits().request(log, this);
    }

    private void release(List<Waiting> acknowledged) {
        long now = state.highWatermark();
        boolean advanced = now != highWatermark;
        // Published before anybody is told: whoever got an acknowledgement must be able to read it back.
        highWatermark = now;
        for (Waiting append : acknowledged) {
            append.completion().succeed(append.appended());
        }
        if (advanced) {
            listeners.tell();
        }
    }

    private CompletionStage<?> onLoop(Runnable task) {
        return CompletableFuture.runAsync(task, loop);
    }

    private void resign(NaruException cause) {
        leaderEpoch = NOT_LEADING;
        abandon(cause);
        listeners.tell();
    }

    private void abandon(NaruException cause) {
        for (Waiting append : state.abandon()) {
            append.completion().fail(cause);
        }
    }

    /** Posts from threads that outlive the loop at shutdown, when there is nothing left to tell. */
    private void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "The broker is stopping", e);
        }
    }

    private NaruException outOfRange(long offset, long limit) {
        long start = log.logStartOffset();
        var bounds = Map.of("log_start_offset", start, "high_watermark", limit);
        return offset < start
                ? new NaruException(
                        ErrorCode.OFFSET_BELOW_LOG_START,
                        "Offset %d of %s is gone; the log starts at %d.".formatted(offset, this, start),
                        bounds)
                : new NaruException(
                        ErrorCode.OFFSET_ABOVE_LOG_END,
                        "Offset %d of %s does not exist yet; the high watermark is %d.".formatted(offset, this, limit),
                        bounds);
    }

    private NaruException storageFailed(Exception cause) {
        return new NaruException(
                ErrorCode.STORAGE_FAILED,
                "The log of %s takes no writes: %s. Nothing was stored. The broker's log says more."
                        .formatted(this, cause.getMessage()),
                cause);
    }

    private static NaruException shuttingDown() {
        return new NaruException(ErrorCode.SHUTTING_DOWN, "The broker is stopping; nothing was stored. Send again.");
    }

    /** As users write it, for instance {@code orders/3}. */
    @Override
    public String toString() {
        return topic + "/" + number;
    }
}

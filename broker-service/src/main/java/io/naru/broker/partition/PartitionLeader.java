package io.naru.broker.partition;

import io.naru.broker.partition.PartitionState.Waiting;
import io.naru.broker.runtime.Loop;
import io.naru.cluster.NaruException;
import io.naru.commitlog.BatchRefusedException;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogAppend;
import io.naru.commitlog.LogFencedException;
import io.naru.commitlog.LogFullException;
import io.naru.commitlog.StaleEpochException;
import io.naru.commitlog.batch.RecordBatch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;

/**
 * Appends to one partition's log and acknowledges what was appended. Confined to the partition's loop: it is the one
 * place that writes the log and publishes the {@link PartitionView}. {@link PartitionState} holds the arithmetic and
 * {@link FlushSchedule} the forces.
 *
 * <p>What was acknowledged survives a crash in the way the topic's flush configs promise; of the rest nothing does.
 */
final class PartitionLeader implements FlushSchedule.Outcome {
    private static final Logger LOG = System.getLogger(PartitionLeader.class.getName());

    private final PartitionName name;
    private final CommitLog log;
    private final PartitionView view;
    private final PartitionFailures failures;
    private final InstantSource clock;
    private final PartitionState state;
    private final FlushSchedule flushes;
    private final RecordBatch header = new RecordBatch();
    private boolean forceFailed;

    PartitionLeader(
            PartitionName name,
            CommitLog log,
            PartitionState state,
            PartitionView view,
            PartitionFailures failures,
            Loop loop,
            PartitionRuntime runtime) {
        this.name = name;
        this.log = log;
        this.state = state;
        this.view = view;
        this.failures = failures;
        this.clock = runtime.clock();
        this.flushes = new FlushSchedule(log, state, loop, runtime, this);
    }

    void lead(int epoch) {
        view.lead(epoch);
    }

    /** Takes no more appends, and fails those that wait with {@code cause}. */
    void resign(NaruException cause) {
        view.stopLeading();
        abandon(cause);
        view.listeners().tell();
    }

    /** Resigns, and asks for no more forces. */
    void close() {
        resign(failures.closedWhileWaiting());
        flushes.stop();
    }

    /** As {@link LocalPartition#reconfigure} says. */
    void reconfigure(TopicSettings changed) {
        view.settings(changed);
        log.reconfigure(changed.log());
        // After a failed force nobody knows what the disk holds: readers see no more than what is on it for sure.
        release(state.forcedMode(changed.forcesBeforeAcknowledging() || forceFailed));
        flushes.restart();
    }

    /** Writes an append's batch, and answers the append now or when it is acknowledged. */
    void append(PendingAppend append) {
        NaruException reason = view.ended();
        if (reason != null) {
            append.fail(reason);
            return;
        }
        if (!view.leading()) {
            append.fail(failures.notLedForWriting());
            return;
        }
        Appended appended;
        try {
            appended = write(append.batch());
        } catch (IOException | RuntimeException | Error e) {
            append.fail(failureToWrite(e));
            return;
        }
        if (appended.isDuplicate()) {
            acknowledgeOriginal(append, appended);
        } else {
            acknowledge(append, appended);
            flushes.appended(view.settings());
        }
    }

    @Override
    public void forced(long end) {
        release(state.forced(end));
    }

    @Override
    public void forceFailed(IOException cause) {
        forceFailed = true;
        release(state.forcedMode(true));
        abandon(failures.unconfirmedByDisk(cause));
    }

    private Appended write(ByteBuffer batch) throws IOException {
        long now = clock.millis();
        boolean stamp = view.settings().logAppendTime();
        if (stamp) {
            header.wrap(batch, batch.position()).stampAppendTime(now);
            header.release();
        }
        LogAppend written = log.append(batch, view.leaderEpoch(), now);
        if (written.isDuplicate()) {
            return new Appended(written.baseOffset(), written.lastOffset(), written.maxTimestamp(), true);
        }
        return new Appended(written.baseOffset(), written.lastOffset(), stamp ? now : -1);
    }

    private NaruException failureToWrite(Throwable e) {
        return switch (e) {
            case LogFullException full -> failures.diskFull(full);
            case LogFencedException fenced -> failures.storageFailed(fenced);
            case BatchRefusedException refused -> failures.refused(refused);
            case StaleEpochException stale -> failures.succeeded(stale);
            case IOException io -> {
                LOG.log(Level.ERROR, () -> "Appending to %s failed".formatted(name), io);
                yield failures.storageFailed(io);
            }
            default -> {
                LOG.log(Level.ERROR, () -> "Appending to %s failed in a way it should not".formatted(name), e);
                yield failures.internal(e);
            }
        };
    }

    private void acknowledge(PendingAppend append, Appended appended) {
        List<Waiting> released = state.appended(appended);
        boolean waits = append.acks() == Acks.ALL && appended.lastOffset() >= state.highWatermark();
        if (waits) {
            state.await(new Waiting(appended, append));
        }
        release(released);
        if (!waits) {
            append.succeed(appended);
        }
    }

    /** A duplicate is as good as the original, which may not be safe yet: whoever repeats waits for that, whatever the acks. */
    private void acknowledgeOriginal(PendingAppend append, Appended original) {
        if (original.lastOffset() < state.highWatermark()) {
            append.succeed(original);
        } else {
            state.await(new Waiting(original, append));
        }
    }

    private void release(List<Waiting> acknowledged) {
        long now = state.highWatermark();
        boolean advanced = now != view.highWatermark();
        // Published before anybody is told: whoever got an acknowledgement must be able to read it back.
        view.highWatermark(now);
        for (Waiting append : acknowledged) {
            append.completion().succeed(append.appended());
        }
        if (advanced) {
            view.listeners().tell();
        }
    }

    private void abandon(NaruException cause) {
        for (Waiting append : state.abandon()) {
            append.completion().fail(cause);
        }
    }
}

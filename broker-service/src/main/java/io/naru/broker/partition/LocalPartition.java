package io.naru.broker.partition;

import io.naru.broker.runtime.Loop;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.damage.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * A partition with a log on this broker, as other threads call it. Its owner is one {@link Loop}: appends,
 * acknowledgements and changes of leadership are posted to it, and happen there and nowhere else ({@link
 * PartitionLeader}). Readers take the log's immutable snapshots and the published high watermark, and never the
 * owner's time ({@link PartitionReader}).
 *
 * <p>What was acknowledged survives a crash in the way the topic's flush configs promise; appends that still waited
 * fail with {@link ErrorCode#UNCONFIRMED} when leadership ends, and their callers see a broken connection when the
 * process does.
 */
final class LocalPartition implements Partition {
    private final PartitionName name;
    private final CommitLog log;
    private final Loop loop;
    private final ByteBudget budget;
    private final PartitionFailures failures;
    private final PartitionView view;
    private final PartitionReader reader;
    private final PartitionLeader leader;
    private final PartitionUpkeep upkeep;

    LocalPartition(PartitionName name, TopicSettings settings, CommitLog log, Loop loop, PartitionRuntime runtime) {
        this.name = name;
        this.log = log;
        this.loop = loop;
        this.budget = runtime.budget();
        this.failures = new PartitionFailures(name);
        var state = new PartitionState(log.logEndOffset(), settings.forcesBeforeAcknowledging());
        this.view = new PartitionView(settings, state.highWatermark());
        this.reader = new PartitionReader(log, view, failures);
        this.leader = new PartitionLeader(name, log, state, view, failures, loop, runtime);
        this.upkeep = new PartitionUpkeep(name, log, view, reader, failures, loop, runtime);
    }

    @Override
    public String topic() {
        return name.topic();
    }

    @Override
    public TopicId topicId() {
        return name.topicId();
    }

    @Override
    public int number() {
        return name.number();
    }

    @Override
    public TopicSettings settings() {
        return view.settings();
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
        return view.highWatermark();
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }

    @Override
    public int segmentCount() {
        return log.segmentCount();
    }

    @Override
    public List<Damage> damages() {
        return log.damages();
    }

    boolean leading() {
        return view.leading();
    }

    @Override
    public CompletionStage<Appended> append(ByteBuffer batch, Acks acks) {
        var append = new PendingAppend(batch, acks, budget);
        if (!append.admitted()) {
            append.fail(PartitionFailures.overloaded(budget));
            return append;
        }
        try {
            loop.execute(() -> leader.append(append));
        } catch (RejectedExecutionException _) {
            append.fail(PartitionFailures.shuttingDown());
        }
        return append;
    }

    @Override
    public LogSlice read(long offset, int maxBytes) throws IOException {
        return reader.read(offset, maxBytes);
    }

    @Override
    public OptionalLong offsetAt(long timestamp) throws IOException {
        return reader.offsetAt(timestamp);
    }

    @Override
    public CompletionStage<Long> deleteBefore(long offset) {
        return upkeep.deleteBefore(offset);
    }

    /** What takes records away that need not be kept. */
    PartitionUpkeep upkeep() {
        return upkeep;
    }

    @Override
    public Subscription onAdvance(Runnable listener) {
        return view.listeners().add(listener);
    }

    /** Takes leadership, or goes on leading in a newer epoch; done when the stage is. */
    CompletionStage<?> lead(int epoch) {
        return onLoop(() -> leader.lead(epoch));
    }

    /** Gives leadership up; appends that wait are told that their outcome is unknown. */
    CompletionStage<?> stopLeading() {
        return onLoop(() -> leader.resign(failures.leadershipMoved()));
    }

    /**
     * Takes new configs of the topic; in force when the stage is done. From then on, where the topic forces before
     * acknowledging, so is every acknowledgement; what was acknowledged before is forced right away.
     */
    CompletionStage<?> reconfigure(TopicSettings changed) {
        return onLoop(() -> leader.reconfigure(changed));
    }

    /**
     * Ends this partition here; its log is closed or deleted by the caller once this stage is done.
     *
     * @param reason what readers and writers are told from now on
     */
    CompletionStage<?> close(NaruException reason) {
        view.end(reason);
        return onLoop(leader::close);
    }

    private CompletionStage<?> onLoop(Runnable task) {
        return CompletableFuture.runAsync(task, loop);
    }

    /** As users write it, for instance {@code orders/3}. */
    @Override
    public String toString() {
        return name.toString();
    }
}

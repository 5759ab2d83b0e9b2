package io.naru.broker.testing;

import io.naru.broker.partition.Acks;
import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.broker.partition.Subscription;
import io.naru.broker.partition.TopicSettings;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Real partitions whose appends tests can let fail, hold back or find without a leader. Thread-safe. */
public final class SteerablePartitions implements Partitions {
    private final Partitions real;
    private final Map<String, ErrorCode> refusals = new ConcurrentHashMap<>();
    private final Map<String, ErrorCode> failures = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger appends = new AtomicInteger();
    private volatile boolean holding;

    public SteerablePartitions(Partitions real) {
        this.real = real;
    }

    /** Looking the partition up is refused with {@code code}, until {@link #heal}. */
    public void refuse(String topic, int partition, ErrorCode code) {
        refusals.put(topic + "/" + partition, code);
    }

    /** Appends to the partition fail with {@code code} and store nothing, until {@link #heal}. */
    public void fail(String topic, int partition, ErrorCode code) {
        failures.put(topic + "/" + partition, code);
    }

    /** Appends are stored, and their acknowledgements held back until {@link #heal}. */
    public void hold() {
        holding = true;
    }

    /** All is well again; what was held back is let go. */
    public void heal() {
        holding = false;
        refusals.clear();
        failures.clear();
        for (Runnable release = held.poll(); release != null; release = held.poll()) {
            release.run();
        }
    }

    /** Acknowledgements that are held back. */
    public int heldBack() {
        return held.size();
    }

    /** Appends that were asked for, over all partitions. */
    public int appends() {
        return appends.get();
    }

    @Override
    public Partition partition(String topic, int partition) {
        Partition found = real.partition(topic, partition);
        ErrorCode refusal = refusals.get(topic + "/" + partition);
        if (refusal != null) {
            throw new NaruException(refusal, "refused by the test");
        }
        return new Steered(found);
    }

    @Override
    public int partitionCount(String topic) {
        return real.partitionCount(topic);
    }

    @Override
    public List<Partition> held(String topic) {
        return real.held(topic);
    }

    private final class Steered implements Partition {
        private final Partition partition;

        private Steered(Partition partition) {
            this.partition = partition;
        }

        @Override
        public CompletionStage<Appended> append(ByteBuffer batch, Acks acks) {
            appends.incrementAndGet();
            @Nullable ErrorCode failure = failures.get(topic() + "/" + number());
            if (failure != null) {
                return CompletableFuture.failedFuture(new NaruException(failure, "failed by the test"));
            }
            CompletionStage<Appended> stored = partition.append(batch, acks);
            if (!holding) {
                return stored;
            }
            var later = new CompletableFuture<Appended>();
            held.add(() -> stored.whenComplete((appended, _) -> later.complete(appended)));
            return later;
        }

        @Override
        public String topic() {
            return partition.topic();
        }

        @Override
        public TopicId topicId() {
            return partition.topicId();
        }

        @Override
        public int number() {
            return partition.number();
        }

        @Override
        public TopicSettings settings() {
            return partition.settings();
        }

        @Override
        public long logStartOffset() {
            return partition.logStartOffset();
        }

        @Override
        public long logEndOffset() {
            return partition.logEndOffset();
        }

        @Override
        public long highWatermark() {
            return partition.highWatermark();
        }

        @Override
        public long sizeInBytes() {
            return partition.sizeInBytes();
        }

        @Override
        public int segmentCount() {
            return partition.segmentCount();
        }

        @Override
        public LogSlice read(long offset, int maxBytes) throws IOException {
            return partition.read(offset, maxBytes);
        }

        @Override
        public OptionalLong offsetAt(long timestamp) throws IOException {
            return partition.offsetAt(timestamp);
        }

        @Override
        public Subscription onAdvance(Runnable listener) {
            return partition.onAdvance(listener);
        }
    }
}

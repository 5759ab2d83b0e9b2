package io.naru.broker.testing;

import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Real partitions that tests can let fail, hold back or find without a leader. Thread-safe. */
public final class SteerablePartitions implements Partitions {
    private final Partitions real;
    private final Map<String, ErrorCode> refusals = new ConcurrentHashMap<>();
    private final Map<String, ErrorCode> failures = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();
    private final Map<Partition, SteeredPartition> steered = new ConcurrentHashMap<>();
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
    public SteeredPartition partition(String topic, int partition) {
        Partition found = real.partition(topic, partition);
        ErrorCode refusal = refusals.get(topic + "/" + partition);
        if (refusal != null) {
            throw new NaruException(refusal, "refused by the test");
        }
        return steered(found);
    }

    @Override
    public int partitionCount(String topic) {
        return real.partitionCount(topic);
    }

    @Override
    public List<Partition> held(String topic) {
        return real.held(topic).stream()
                .map(this::steered)
                .map(Partition.class::cast)
                .toList();
    }

    private SteeredPartition steered(Partition partition) {
        return steered.computeIfAbsent(partition, found -> new SteeredPartition(found, this));
    }

    @Nullable
    ErrorCode failureOfAppend(Partition partition) {
        appends.incrementAndGet();
        return failures.get(partition.topic() + "/" + partition.number());
    }

    CompletionStage<Appended> holdBack(CompletionStage<Appended> stored) {
        if (!holding) {
            return stored;
        }
        var later = new CompletableFuture<Appended>();
        held.add(() -> stored.whenComplete((appended, _) -> later.complete(appended)));
        return later;
    }
}

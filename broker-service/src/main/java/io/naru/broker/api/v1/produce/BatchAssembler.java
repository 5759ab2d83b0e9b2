package io.naru.broker.api.v1.produce;

import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.broker.partition.TopicSettings;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the records of one request into batches, one open batch a partition; a batch that is full is followed by
 * another. Remembers of each record only its batch and its timestamp. Used by one thread at a time.
 */
final class BatchAssembler {
    private static final int FIRST_CAPACITY = 16;
    private static final int NO_PARTITION = -1;

    private final Partitions partitions;
    private final String topic;
    private final int partitionCount;
    private final long now;
    private final @Nullable IdempotencyKey key;
    private final List<Batch> batches = new ArrayList<>(2);
    private final Map<Integer, Integer> openBatches = new HashMap<>(4);
    /** How many batches each partition gets; only counted where they need telling apart. */
    private final Map<Integer, Integer> batchesBegun = new HashMap<>(0);

    private int[] batchOf = new int[FIRST_CAPACITY];
    private long[] timestamps = new long[FIRST_CAPACITY];
    private int count;
    private int keylessPartition;
    private int lastPartition = NO_PARTITION;
    private int lastBatch;

    /**
     * An assembler for one topic.
     *
     * @param now epoch ms, the time of records that bring none
     * @param keylessPartition where records without key and partition go, or -1 to choose one
     * @throws NaruException {@code TOPIC_NOT_FOUND}, {@code NOT_READY}
     */
    BatchAssembler(Partitions partitions, String topic, long now, int keylessPartition) {
        this.partitions = partitions;
        this.topic = topic;
        this.now = now;
        this.key = null;
        this.keylessPartition = keylessPartition;
        this.partitionCount = partitions.partitionCount(topic);
    }

    /**
     * An assembler for one topic.
     *
     * @param now epoch ms, the time of records that bring none
     * @param key by which the request is known when it comes again, and which chooses the partition of records without
     *     key and partition; null for none
     * @throws NaruException {@code TOPIC_NOT_FOUND}, {@code NOT_READY}
     */
    BatchAssembler(Partitions partitions, String topic, long now, @Nullable IdempotencyKey key) {
        this.partitions = partitions;
        this.topic = topic;
        this.now = now;
        this.key = key;
        this.partitionCount = partitions.partitionCount(topic);
        this.keylessPartition = key == null ? NO_PARTITION : key.partition(partitionCount);
    }

    /** Adds a record; answers what is wrong with it, in which case nothing has changed, or null. */
    @Nullable
    NaruException add(RecordSlot slot) {
        int partition = partitionOf(slot);
        if (partition >= partitionCount) {
            return new NaruException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "Topic '%s' has the partitions 0 to %d, and no %d."
                            .formatted(topic, partitionCount - 1, partition));
        }
        long timestamp = slot.timestamp == RecordSlot.ABSENT ? now : slot.timestamp;
        int batch = openBatch(partition);
        NaruException refusal =
                slot.timestamp == RecordSlot.ABSENT ? null : batches.get(batch).refusalOf(timestamp, now);
        if (refusal != null) {
            return refusal;
        }
        if (slot.keyLength < 0 && batches.get(batch).requiresKeys()) {
            return keyMissing();
        }
        if (!batches.get(batch).tryAdd(slot, timestamp)) {
            if (batches.get(batch).count() == 0) {
                return tooLarge(batches.get(batch));
            }
            Batch next = begin(partition);
            if (!next.tryAdd(slot, timestamp)) {
                return tooLarge(next);
            }
            batches.add(next);
            batch = batches.size() - 1;
            openBatches.put(partition, batch);
            lastBatch = batch;
        }
        remember(batch, timestamp);
        return null;
    }

    /**
     * Finishes the batches, once all records are in: what takes long about it, compressing, is done by whichever thread
     * parsed them, and not by the one that appends.
     */
    void encode() {
        for (Batch batch : batches) {
            if (batch.isToBeAppended()) {
                batch.encode();
            }
        }
    }

    /** Records taken. */
    int count() {
        return count;
    }

    /** In the order they were begun; one that stayed empty has a count of 0. */
    List<Batch> batches() {
        return batches;
    }

    /** The index in {@link #batches} of the batch that a record is in. */
    int batchOf(int index) {
        return batchOf[index];
    }

    /** The timestamp that a record brought or was given. */
    long timestampOf(int index) {
        return timestamps[index];
    }

    /** Where records without key and partition go; -1 while there were none. */
    int keylessPartition() {
        return keylessPartition;
    }

    private int partitionOf(RecordSlot slot) {
        if (slot.partition != RecordSlot.ABSENT) {
            return slot.partition;
        }
        if (slot.keyLength >= 0) {
            return Murmur2.partition(slot.key, slot.keyOffset, slot.keyLength, partitionCount);
        }
        if (keylessPartition == NO_PARTITION) {
            keylessPartition = chooseKeylessPartition();
        }
        return keylessPartition;
    }

    /** Any partition, rather one that can be written: nobody asked for a particular one. */
    private int chooseKeylessPartition() {
        int first = ThreadLocalRandom.current().nextInt(partitionCount);
        for (int i = 0; i < partitionCount; i++) {
            int candidate = (first + i) % partitionCount;
            try {
                partitions.partition(topic, candidate);
                return candidate;
            } catch (NaruException _) {
                // The next one may do.
            }
        }
        return first;
    }

    private int openBatch(int partition) {
        if (partition != lastPartition) {
            Integer open = openBatches.get(partition);
            if (open == null) {
                batches.add(begin(partition));
                open = batches.size() - 1;
                openBatches.put(partition, open);
            }
            lastPartition = partition;
            lastBatch = open;
        }
        return lastBatch;
    }

    private Batch begin(int partition) {
        // Counted whether it can be written or not: a retry must give each batch the number it had.
        int number = key == null ? 0 : batchesBegun.merge(partition, 1, Integer::sum) - 1;
        try {
            Batch batch = new Batch(partitions.partition(topic, partition));
            if (key != null) {
                batch.identify(key.identity(partitionCount, number));
            }
            return batch;
        } catch (NaruException refusal) {
            // The others may be written all the same, and the whole body is to be looked at before any is.
            return new Batch(partition, refusal, maxBatchBytes());
        }
    }

    private int maxBatchBytes() {
        return partitions.held(topic).stream()
                .findAny()
                .map(Partition::settings)
                .map(TopicSettings::maxBatchBytes)
                .orElse(Integer.MAX_VALUE);
    }

    private NaruException tooLarge(Batch batch) {
        return new NaruException(
                ErrorCode.RECORD_TOO_LARGE,
                "The record is larger than max.message.bytes of topic '%s', which is %d with about 70 bytes for the batch around it."
                        .formatted(topic, batch.maxBytes()));
    }

    private NaruException keyMissing() {
        return new NaruException(
                ErrorCode.INVALID_RECORD,
                "The record has no key, and cleanup.policy of topic '%s' has it compacted: of the records with one key the latest is kept. Give it a key, an empty one if need be."
                        .formatted(topic));
    }

    private void remember(int batch, long timestamp) {
        if (count == batchOf.length) {
            batchOf = Arrays.copyOf(batchOf, 2 * count);
            timestamps = Arrays.copyOf(timestamps, 2 * count);
        }
        batchOf[count] = batch;
        timestamps[count] = timestamp;
        count++;
    }
}

package io.naru.commitlog.producer;

import io.naru.commitlog.batch.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One producer as a log knows it: its epoch and its last batches, at most five, since that is how many a client may have
 * under way. Sequence numbers count records, from 0 to 2³¹ − 1 and on from 0 (Kafka's KIP-98).
 *
 * <pre>
 * id (i64) | epoch (i16) | batches (i16) | last active, ms (i64, -1 unknown) | batches ...
 * batch:  base sequence (i32) | last sequence (i32) | base offset (i64) | largest timestamp (i64)
 * </pre>
 */
final class Producer {
    static final int MAX_BATCHES = 5;
    static final int FIXED_BYTES = 20;
    static final int BATCH_BYTES = 24;

    private final long id;
    private final int[] baseSequences = new int[MAX_BATCHES];
    private final int[] lastSequences = new int[MAX_BATCHES];
    private final long[] baseOffsets = new long[MAX_BATCHES];
    private final long[] timestamps = new long[MAX_BATCHES];
    private short epoch;
    /** How many of the arrays' places are taken, from the first on; the oldest batch stands first. */
    private int batches;

    private long lastActiveMillis = ProducerState.UNKNOWN;

    Producer(long id, short epoch) {
        this.id = id;
        this.epoch = epoch;
    }

    long id() {
        return id;
    }

    long lastActiveMillis() {
        return lastActiveMillis;
    }

    void active(long nowMillis) {
        lastActiveMillis = Math.max(lastActiveMillis, nowMillis);
    }

    /** Counts the time of its silence from now on, if nobody saw when it was active last. */
    void seen(long nowMillis) {
        if (lastActiveMillis == ProducerState.UNKNOWN) {
            lastActiveMillis = nowMillis;
        }
    }

    int sizeInBytes() {
        return FIXED_BYTES + batches * BATCH_BYTES;
    }

    /** The base offsets of the batches it is known by. */
    LongStream baseOffsets() {
        return Arrays.stream(baseOffsets, 0, batches);
    }

    /** What is to become of a batch of this producer's that asks to be appended. */
    Verdict check(RecordBatch batch) {
        if (batch.producerEpoch() < epoch) {
            return new Verdict.Fenced(epoch);
        }
        int sequence = batch.baseSequence();
        if (batch.producerEpoch() > epoch) {
            return sequence == 0 ? Verdict.APPEND : new Verdict.OutOfOrder(0);
        }
        Verdict duplicate = duplicateOf(sequence, sequenceAfter(sequence, batch.lastOffsetDelta()));
        if (duplicate != null) {
            return duplicate;
        }
        int expected = sequenceAfter(lastSequences[batches - 1], 1);
        return sequence == expected ? Verdict.APPEND : new Verdict.OutOfOrder(expected);
    }

    /** Takes note of a batch that was appended at some time, known or not, whatever it says. */
    void appended(RecordBatch batch, long nowMillis) {
        lastActiveMillis = nowMillis;
        if (batch.producerEpoch() != epoch) {
            epoch = batch.producerEpoch();
            batches = 0;
        }
        if (batches == MAX_BATCHES) {
            batches--;
            System.arraycopy(baseSequences, 1, baseSequences, 0, batches);
            System.arraycopy(lastSequences, 1, lastSequences, 0, batches);
            System.arraycopy(baseOffsets, 1, baseOffsets, 0, batches);
            System.arraycopy(timestamps, 1, timestamps, 0, batches);
        }
        baseSequences[batches] = batch.baseSequence();
        lastSequences[batches] = sequenceAfter(batch.baseSequence(), batch.lastOffsetDelta());
        baseOffsets[batches] = batch.baseOffset();
        timestamps[batches] = batch.maxTimestamp();
        batches++;
    }

    void writeTo(ByteBuffer to) {
        to.putLong(id).putShort(epoch).putShort((short) batches).putLong(lastActiveMillis);
        for (int i = 0; i < batches; i++) {
            to.putInt(baseSequences[i]).putInt(lastSequences[i]);
            to.putLong(baseOffsets[i]).putLong(timestamps[i]);
        }
    }

    static Producer readFrom(ByteBuffer from) {
        Producer producer = new Producer(from.getLong(), from.getShort());
        producer.batches = from.getShort();
        producer.lastActiveMillis = from.getLong();
        if (producer.id < 0 || producer.batches < 1 || producer.batches > MAX_BATCHES) {
            throw new IllegalArgumentException(
                    "There is no producer " + producer.id + " with " + producer.batches + " batches");
        }
        for (int i = 0; i < producer.batches; i++) {
            producer.baseSequences[i] = from.getInt();
            producer.lastSequences[i] = from.getInt();
            producer.baseOffsets[i] = from.getLong();
            producer.timestamps[i] = from.getLong();
        }
        return producer;
    }

    private @Nullable Verdict duplicateOf(int baseSequence, int lastSequence) {
        for (int i = 0; i < batches; i++) {
            if (baseSequences[i] == baseSequence && lastSequences[i] == lastSequence) {
                int records = (lastSequence - baseSequence) & Integer.MAX_VALUE;
                return new Verdict.Duplicate(baseOffsets[i], baseOffsets[i] + records, timestamps[i]);
            }
        }
        return null;
    }

    /** The sequence number so many behind another; after 2³¹ − 1 comes 0. */
    static int sequenceAfter(int sequence, int count) {
        return (sequence + count) & Integer.MAX_VALUE;
    }
}

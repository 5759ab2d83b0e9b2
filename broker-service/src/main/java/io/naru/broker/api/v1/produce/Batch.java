package io.naru.broker.api.v1.produce;

import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.ReservedIdentity;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The records of one request that go to one partition in one append, and what became of them. Filled by one thread;
 * its outcome is settled once, by whichever thread comes first.
 */
final class Batch {
    private final int partition;
    private final @Nullable Partition target;
    private final int maxBytes;
    private final RecordBatchBuilder builder;
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    /** Which records brought a timestamp of their own; null where nobody will ask. */
    private @Nullable BitSet timed;

    private int count;
    private @Nullable ByteBuffer encoded;
    private int sizeInBytes;

    /** What became of a batch. */
    sealed interface Outcome {
        /** It is stored as the request's acks ask. */
        record Stored(Appended at) implements Outcome {}

        /** An earlier attempt of the same request has stored it. */
        final class Repeated implements Outcome {
            private final Appended at;
            private final long[] timestamps;

            Repeated(Appended at, long[] timestamps) {
                this.at = at;
                this.timestamps = timestamps;
            }

            Appended at() {
                return at;
            }

            /** The timestamp that a record of the original has, in epoch ms. */
            long timestamp(int position) {
                return timestamps[position];
            }
        }

        /** It is not, or nobody knows; the code says which. */
        record Failed(NaruException why) implements Outcome {}
    }

    /** An empty batch for a partition that can be written. */
    Batch(Partition target) {
        this.partition = target.number();
        this.target = target;
        this.maxBytes = target.settings().maxBatchBytes();
        this.builder = new RecordBatchBuilder(maxBytes);
    }

    /** A batch for a partition that cannot be written now; its records are only counted. */
    Batch(int partition, NaruException refusal, int maxBatchBytes) {
        this.partition = partition;
        this.target = null;
        this.maxBytes = maxBatchBytes;
        this.builder = new RecordBatchBuilder(maxBatchBytes);
        this.outcome.set(new Outcome.Failed(refusal));
    }

    /** Takes the record if it fits, in the way {@link RecordBatchBuilder#tryAppend} does. */
    boolean tryAdd(RecordSlot slot, long timestamp) {
        boolean fits = builder.tryAppend(
                timestamp,
                slot.key,
                slot.keyOffset,
                slot.keyLength,
                slot.value,
                slot.valueOffset,
                slot.valueLength,
                slot.headers);
        if (fits) {
            if (timed != null && slot.timestamp != RecordSlot.ABSENT) {
                timed.set(count);
            }
            count++;
        }
        return fits;
    }

    /** What is wrong with the timestamp that a record brings, or null. */
    @Nullable
    NaruException refusalOf(long timestamp, long now) {
        Partition to = target;
        String flaw = to == null ? null : to.settings().flawOfTimestamp(timestamp, now);
        return flaw == null ? null : new NaruException(ErrorCode.INVALID_RECORD, flaw);
    }

    /** Whether its topic is compacted, so that every record needs a key. */
    boolean requiresKeys() {
        Partition to = target;
        return to != null && to.settings().requiresKeys();
    }

    /** Lets its partition know it again; before the first record is added. */
    void identify(ReservedIdentity identity) {
        timed = new BitSet();
        builder.identity(identity);
    }

    /** Whether the record at this place in the batch brought a timestamp, instead of being given one. */
    boolean bringsTimestamp(int position) {
        return timed != null && timed.get(position);
    }

    int partition() {
        return partition;
    }

    /** Null where the partition cannot be written. */
    @Nullable
    Partition target() {
        return target;
    }

    /** Largest size before compression. */
    int maxBytes() {
        return maxBytes;
    }

    int count() {
        return count;
    }

    /** Whether there is something in it and somewhere for it to go. */
    boolean isToBeAppended() {
        return target != null && count > 0;
    }

    /** Whether its records are stored, now or before. */
    boolean isStored() {
        return switch (outcome()) {
            case Outcome.Stored _, Outcome.Repeated _ -> true;
            case Outcome.Failed _ -> false;
            case null -> false;
        };
    }

    /** As appended; 0 before {@link #encode}. */
    int sizeInBytes() {
        return sizeInBytes;
    }

    /** Finishes a batch {@linkplain #isToBeAppended to be appended}: compresses it as its topic asks, and no more fit. */
    void encode() {
        ByteBuffer bytes =
                builder.build(Objects.requireNonNull(target).settings().storeAs());
        sizeInBytes = bytes.remaining();
        encoded = bytes;
    }

    /** What {@link #encode} made; the log takes it over. */
    ByteBuffer encoded() {
        return Objects.requireNonNull(encoded, "a batch is encoded before it is appended");
    }

    /** Settles the outcome; false if it was settled before. */
    boolean settle(Outcome with) {
        return outcome.compareAndSet(null, with);
    }

    /** Puts right what became of a settled batch; only once nobody settles it any more. */
    void correct(Outcome with) {
        outcome.set(with);
    }

    /** Null while the append is under way. */
    @Nullable
    Outcome outcome() {
        return outcome.get();
    }
}

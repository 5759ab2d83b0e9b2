package io.naru.commitlog.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes records straight into a v2 batch. Reusable, not thread-safe; a record costs no allocation once the memory has
 * grown.
 *
 * <pre>
 * record:  length (varint, of what follows) | attributes (i8, 0) | timestamp delta (varlong) | offset delta (varint)
 *          | key length (varint, -1 = null) | key | value length (varint, -1 = null) | value
 *          | header count (varint) | headers, see {@link RecordHeaders}
 * </pre>
 *
 * Deltas are to the first record's timestamp and to the batch's base offset.
 */
public final class RecordBatchBuilder {
    private static final int FIRST_CAPACITY = 1024;

    private final int maxBytes;
    private byte[] bytes;
    private final Packer packer = new Packer();
    private int size;
    private int count;
    private long baseTimestamp;
    private long maxTimestamp;
    private long producerId;
    private short producerEpoch;
    private int baseSequence;

    /**
     * An empty batch.
     *
     * @param maxBytes largest size before compression, header included; more than {@link RecordBatch#HEADER_BYTES}
     */
    public RecordBatchBuilder(int maxBytes) {
        if (maxBytes <= RecordBatch.HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "maxBytes is " + maxBytes + "; a batch header alone takes " + RecordBatch.HEADER_BYTES);
        }
        this.maxBytes = maxBytes;
        this.bytes = new byte[Math.min(maxBytes, FIRST_CAPACITY)];
        reset();
    }

    /** Begins a new batch in the same memory; what {@link #build} gave before is overwritten from now on. */
    public void reset() {
        size = RecordBatch.HEADER_BYTES;
        count = 0;
        baseTimestamp = -1;
        maxTimestamp = -1;
        producer(RecordBatch.NONE, (short) RecordBatch.NONE, RecordBatch.NONE);
    }

    /**
     * Names the producer of the batch, until the next {@link #reset}.
     *
     * @param baseSequence number of the batch's first record in all that this incarnation of the producer wrote
     */
    public void producer(long id, short epoch, int baseSequence) {
        this.producerId = id;
        this.producerEpoch = epoch;
        this.baseSequence = baseSequence;
    }

    /** Gives the batch an identity instead of a producer, until the next {@link #reset}. */
    public void identity(ReservedIdentity identity) {
        producer(identity.id(), identity.epoch(), identity.sequence());
    }

    /** Records so far. */
    public int count() {
        return count;
    }

    /** Whether there is no record yet. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Size so far before compression, header included. */
    public int sizeInBytes() {
        return size;
    }

    /**
     * Adds one record if it fits; otherwise nothing changes and the answer is false.
     *
     * @param timestamp epoch ms, may be earlier than its predecessor's
     * @param keyLength -1 for a null key, whose array and offset are then not looked at
     * @param valueLength -1 for a null value, likewise
     */
    public boolean tryAppend(
            long timestamp,
            byte @Nullable [] key,
            int keyOffset,
            int keyLength,
            byte @Nullable [] value,
            int valueOffset,
            int valueLength,
            RecordHeaders headers) {
        long timestampDelta = count == 0 ? 0 : timestamp - baseTimestamp;
        long body = 1L
                + Varint.sizeOf(timestampDelta)
                + Varint.sizeOf(count)
                + sizeOf(key, keyLength)
                + sizeOf(value, valueLength)
                + Varint.sizeOf(headers.count())
                + headers.sizeInBytes();
        if (body > maxBytes || size + body + Varint.sizeOf((int) body) > maxBytes) {
            return false;
        }
        makeRoom((int) body + 5);
        int at = Varint.write((int) body, bytes, size);
        bytes[at++] = 0;
        at = Varint.write(timestampDelta, bytes, at);
        at = Varint.write(count, bytes, at);
        at = put(key, keyOffset, keyLength, at);
        at = put(value, valueOffset, valueLength, at);
        at = Varint.write(headers.count(), bytes, at);
        size = headers.copyTo(bytes, at);
        if (count == 0) {
            baseTimestamp = timestamp;
            maxTimestamp = timestamp;
        } else {
            maxTimestamp = Math.max(maxTimestamp, timestamp);
        }
        count++;
        return true;
    }

    /** The finished batch with the codec's default level, see {@link #build(Compression)}. */
    public ByteBuffer build(Codec codec) {
        return build(Compression.of(codec));
    }

    /**
     * The finished batch with base offset 0, no leader epoch, and its checksum. The buffer is this
     * builder's own memory, from position 0 to its limit: it must be out of use before the next {@link #reset}, {@link
     * #tryAppend} or {@code build}. It is never larger than {@link #sizeInBytes}: what compression does not make smaller
     * is stored as {@link Codec#NONE}.
     *
     * <p>Compressing takes time, see {@link Compression#isQuick}; another thread than the one that appended may do it,
     * if the builder is handed over to it safely.
     *
     * @throws IllegalStateException if there is no record
     */
    public ByteBuffer build(Compression compression) {
        if (count == 0) {
            throw new IllegalStateException("A batch needs at least one record");
        }
        int packed = packer.pack(bytes, size, compression);
        return packed < size
                ? finished(packer.array(), packed, compression.codec())
                : finished(bytes, size, Codec.NONE);
    }

    private ByteBuffer finished(byte[] array, int length, Codec codec) {
        ByteBuffer batch = ByteBuffer.wrap(array, 0, length);
        RecordBatch.of(batch)
                .fill(codec, count, baseTimestamp, maxTimestamp)
                .setProducer(producerId, producerEpoch, baseSequence);
        return batch;
    }

    private static long sizeOf(byte @Nullable [] part, int length) {
        if (length < -1 || (part == null && length > 0)) {
            throw new IllegalArgumentException("Key or value of length " + length + " is not there");
        }
        return Varint.sizeOf(length) + (long) Math.max(length, 0);
    }

    private int put(byte @Nullable [] part, int offset, int length, int at) {
        int next = Varint.write(length, bytes, at);
        if (length > 0) {
            System.arraycopy(Objects.requireNonNull(part), offset, bytes, next, length);
            next += length;
        }
        return next;
    }

    private void makeRoom(int more) {
        if (more > bytes.length - size) {
            long wanted = Math.max((long) size + more, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Math.max(maxBytes, (long) size + more)));
        }
    }
}

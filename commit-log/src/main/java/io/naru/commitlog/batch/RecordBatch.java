package io.naru.commitlog.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header of one v2 batch, seen in the buffer that holds it. A flyweight: {@link #wrap} moves it to another batch
 * without allocation. Reading does not change the buffer's position; the setters write into it. Not thread-safe.
 *
 * <pre>
 *   0        8        12           16      17         21           23
 *   | base   | length | leader     | magic | CRC-32C  | attributes | last offset |
 *   | offset | (i32)  | epoch      | i8 =2 | of 21..  | i16        | delta (i32) |
 *   | (i64)  |        | (i32)      |       | (u32)    |            |             |
 *   27           35          43           51          53         57        61
 *   | base       | max       | producer   | producer  | base      | record  | records, compressed
 *   | timestamp  | timestamp | id (i64)   | epoch     | sequence  | count   | as one block ...
 *   | (i64)      | (i64)     |            | (i16)     | (i32)     | (i32)   |
 *
 * attributes:  bits 0-2 codec | 3 append time | 4 transactional | 5 control | 6 delete horizon set
 * </pre>
 *
 * Big-endian throughout; {@code length} counts what follows it. Offsets and leader epoch lie outside the checksum, so
 * that the log can write them into a finished batch.
 */
public final class RecordBatch {
    /** Size of the header in bytes. */
    public static final int HEADER_BYTES = 61;
    /** The first bytes, base offset and length, which {@code length} does not count. */
    public static final int PREFIX_BYTES = 12;
    /** The only format version there is here. */
    public static final byte MAGIC = 2;
    /** Where in a batch its checksum begins to count; it goes on to the end. */
    public static final int CRC_FROM = 21;
    /** Stands for "no producer" in {@link #producerId}, {@link #producerEpoch} and {@link #baseSequence}. */
    public static final int NONE = -1;

    static final int LENGTH = 8;
    static final int LEADER_EPOCH = 12;
    static final int MAGIC_AT = 16;
    static final int CRC = 17;
    static final int ATTRIBUTES = CRC_FROM;
    static final int LAST_OFFSET_DELTA = 23;
    static final int BASE_TIMESTAMP = 27;
    static final int MAX_TIMESTAMP = 35;
    static final int PRODUCER_ID = 43;
    static final int PRODUCER_EPOCH = 51;
    static final int BASE_SEQUENCE = 53;
    static final int COUNT = 57;

    private static final int APPEND_TIME_BIT = 0x08;
    private static final int TRANSACTIONAL_BIT = 0x10;
    private static final int CONTROL_BIT = 0x20;
    private static final int DELETE_HORIZON_BIT = 0x40;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = NOTHING;
    private int start;

    /** A view of the batch that begins at the buffer's position. */
    public static RecordBatch of(ByteBuffer buffer) {
        return new RecordBatch().wrap(buffer, buffer.position());
    }

    /**
     * Looks at the batch that begins at {@code position}.
     *
     * @throws IllegalArgumentException if the buffer is little-endian or has no room for a header there
     */
    public RecordBatch wrap(ByteBuffer newBuffer, int position) {
        if (newBuffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("A record batch is big-endian; the buffer is not");
        }
        if (position < 0 || newBuffer.limit() - position < HEADER_BYTES) {
            throw new IllegalArgumentException("A batch header takes " + HEADER_BYTES + " bytes; at position "
                    + position + " the buffer has " + (newBuffer.limit() - position));
        }
        buffer = newBuffer;
        start = position;
        return this;
    }

    /** Copies the header to a buffer's position and moves that on. */
    public void copyTo(ByteBuffer to) {
        to.put(to.position(), buffer, start, HEADER_BYTES).position(to.position() + HEADER_BYTES);
    }

    /** Lets go of the buffer, so that it is not kept from being collected; to be wrapped again before it is used. */
    public void release() {
        buffer = NOTHING;
        start = 0;
    }

    /** Offset of the first record. */
    public long baseOffset() {
        return buffer.getLong(start);
    }

    /** Offset of the last record. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** Last offset less base offset. */
    public int lastOffsetDelta() {
        return buffer.getInt(start + LAST_OFFSET_DELTA);
    }

    /** Records in the batch. */
    public int count() {
        return buffer.getInt(start + COUNT);
    }

    /** The whole batch in bytes, this header included, as its length field has it; garbage in garbage. */
    public int sizeInBytes() {
        return buffer.getInt(start + LENGTH) + PREFIX_BYTES;
    }

    /** The format version the batch claims; only {@link #MAGIC} is one of ours. */
    public byte magic() {
        return buffer.get(start + MAGIC_AT);
    }

    /**
     * How the records are compressed.
     *
     * @throws CorruptBatchException if the attributes name no known codec
     */
    public Codec codec() {
        return Codec.of(attributes() & Codec.MASK);
    }

    /** Epoch ms that the records' deltas count from. */
    public long baseTimestamp() {
        return buffer.getLong(start + BASE_TIMESTAMP);
    }

    /** Largest timestamp of its records in epoch ms, or the append time where {@link #isLogAppendTime}. */
    public long maxTimestamp() {
        return buffer.getLong(start + MAX_TIMESTAMP);
    }

    /** Whether {@link #maxTimestamp} stands for every record's own timestamp. */
    public boolean isLogAppendTime() {
        return (attributes() & APPEND_TIME_BIT) != 0;
    }

    /** Whether it is part of a transaction. */
    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_BIT) != 0;
    }

    /** Whether its records are markers for the log itself, not for readers. */
    public boolean isControl() {
        return (attributes() & CONTROL_BIT) != 0;
    }

    /**
     * Whether a compaction has set when this batch's tombstones may go. {@link #baseTimestamp} is that time then, and the
     * records' deltas count from it as from any other.
     */
    public boolean hasDeleteHorizon() {
        return (attributes() & DELETE_HORIZON_BIT) != 0;
    }

    /** Who wrote it, or {@link #NONE}. */
    public long producerId() {
        return buffer.getLong(start + PRODUCER_ID);
    }

    /** Which incarnation of the producer wrote it, or {@link #NONE}. */
    public short producerEpoch() {
        return buffer.getShort(start + PRODUCER_EPOCH);
    }

    /** Sequence number of the first record, or {@link #NONE}. */
    public int baseSequence() {
        return buffer.getInt(start + BASE_SEQUENCE);
    }

    /** Epoch of the leader that stored it, or -1. */
    public int leaderEpoch() {
        return buffer.getInt(start + LEADER_EPOCH);
    }

    /** The checksum as stored. */
    public int storedCrc() {
        return buffer.getInt(start + CRC);
    }

    /** Whether the stored checksum is that of the bytes. The whole batch must be in the buffer. */
    public boolean isCrcValid() {
        return storedCrc() == computeCrc();
    }

    /** Gives the batch its place in a log; outside the checksum. */
    public void assign(long baseOffset, int leaderEpoch) {
        buffer.putLong(start, baseOffset);
        buffer.putInt(start + LEADER_EPOCH, leaderEpoch);
    }

    /**
     * Lets the append time stand for the records' own timestamps, and brings the checksum up to date, which reads the
     * whole batch.
     *
     * @param appendMillis epoch ms
     */
    public void stampAppendTime(long appendMillis) {
        buffer.putShort(start + ATTRIBUTES, (short) (attributes() | APPEND_TIME_BIT));
        buffer.putLong(start + MAX_TIMESTAMP, appendMillis);
        buffer.putInt(start + CRC, computeCrc());
    }

    /** Makes the header that of a batch of this size, whose records behind it are compressed with {@code codec}. */
    void repack(Codec codec, int size) {
        buffer.putInt(start + LENGTH, size - PREFIX_BYTES);
        buffer.putShort(start + ATTRIBUTES, (short) ((attributes() & ~Codec.MASK) | codec.id()));
        buffer.putInt(start + CRC, computeCrc());
    }

    /**
     * Makes the header that of a batch of this size from which records were taken.
     *
     * @param count of the records that are left; the offsets it spans stay
     */
    void refill(Codec codec, int size, int count, long maxTimestamp) {
        buffer.putInt(start + COUNT, count);
        buffer.putLong(start + MAX_TIMESTAMP, maxTimestamp);
        repack(codec, size);
    }

    /** Sets when the batch's tombstones may go, in epoch ms; its records and its checksum are the caller's to bring up to date. */
    void setDeleteHorizon(long millis) {
        buffer.putShort(start + ATTRIBUTES, (short) (attributes() | DELETE_HORIZON_BIT));
        buffer.putLong(start + BASE_TIMESTAMP, millis);
    }

    /**
     * What is wrong with a batch, looking no deeper than header and checksum; null when nothing is.
     *
     * @param available bytes that the batch may take from its start
     */
    public @Nullable String flaw(int available) {
        String header = headerFlaw(available);
        if (header != null) {
            return header;
        }
        return isCrcValid() ? null : "its CRC-32C is not that of its bytes";
    }

    /** What is wrong with the header, or null; the checksum is not looked at, nor anything behind the header. */
    public @Nullable String headerFlaw(int available) {
        if (magic() != MAGIC) {
            return "its magic is " + magic() + ", not " + MAGIC;
        }
        int size = sizeInBytes();
        if (size < HEADER_BYTES || size > available) {
            return "its size is " + size + " bytes; it has to be between " + HEADER_BYTES + " and " + available;
        }
        if (baseOffset() < 0 || lastOffsetDelta() < 0 || baseOffset() > Long.MAX_VALUE - lastOffsetDelta()) {
            return "its offsets run from " + baseOffset() + " by " + lastOffsetDelta();
        }
        return null;
    }

    int attributes() {
        return buffer.getShort(start + ATTRIBUTES);
    }

    private int computeCrc() {
        crc.reset();
        update(crc, buffer, start + CRC_FROM, start + sizeInBytes());
        return (int) crc.getValue();
    }

    /** Writes the header of a finished batch whose records are in place, up to the buffer's limit; the producer comes last. */
    RecordBatch fill(Codec codec, int count, long baseTimestamp, long maxTimestamp) {
        buffer.putLong(start, 0);
        buffer.putInt(start + LENGTH, buffer.limit() - start - PREFIX_BYTES);
        buffer.putInt(start + LEADER_EPOCH, NONE);
        buffer.put(start + MAGIC_AT, MAGIC);
        buffer.putShort(start + ATTRIBUTES, (short) codec.id());
        buffer.putInt(start + LAST_OFFSET_DELTA, count - 1);
        buffer.putLong(start + BASE_TIMESTAMP, baseTimestamp);
        buffer.putLong(start + MAX_TIMESTAMP, maxTimestamp);
        buffer.putInt(start + COUNT, count);
        return this;
    }

    /** Names the producer and brings the checksum up to date, which reads the whole batch. */
    void setProducer(long id, short epoch, int baseSequence) {
        buffer.putLong(start + PRODUCER_ID, id);
        buffer.putShort(start + PRODUCER_EPOCH, epoch);
        buffer.putInt(start + BASE_SEQUENCE, baseSequence);
        buffer.putInt(start + CRC, computeCrc());
    }

    private static void update(CRC32C crc, ByteBuffer buffer, int from, int to) {
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + from, to - from);
            return;
        }
        int position = buffer.position();
        int limit = buffer.limit();
        crc.update(buffer.position(from).limit(to));
        buffer.limit(limit).position(position);
    }
}

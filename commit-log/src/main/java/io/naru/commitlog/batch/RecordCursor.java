package io.naru.commitlog.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Walks the records of whole batches, one after another, without an object per record: after {@link #next} the
 * accessors speak of the current record, whose key, value and headers are ranges of {@link #array}. Control batches are
 * passed over. Reusable with {@link #reset}; not thread-safe. The buffer must stay unchanged meanwhile; its position is
 * not used up.
 *
 * <p>Every length is checked against its batch before it is believed, so damaged or hostile bytes end in a {@link
 * CorruptBatchException} and never reach beyond the batch. Checksums are not computed here.
 */
public final class RecordCursor {
    private static final int PER_HEADER = 4;
    /** An empty name and no value. */
    private static final int LEAST_HEADER_BYTES = 2;

    private final RecordBatch batch = new RecordBatch();
    private final RecordReader reader = new RecordReader();
    private final GrowableBytes records = new GrowableBytes();
    private final GrowableBytes copied = new GrowableBytes();
    private final DecodeLimits limits;

    private ByteBuffer batches = ByteBuffer.allocate(0);
    private int nextBatch;
    private int remaining;

    private long baseOffset;
    private long baseTimestamp;
    private long appendTime;
    private boolean appendTimed;

    private long offset;
    private long timestamp;
    private int keyOffset;
    private int keyLength;
    private int valueOffset;
    private int valueLength;
    private int headerCount;
    private int[] headers = new int[4 * PER_HEADER];

    /** A cursor over nothing yet; {@link #reset} gives it batches. */
    public RecordCursor() {
        this(DecodeLimits.STORED);
    }

    /** A cursor over nothing yet, with its own bounds for decompression. */
    public RecordCursor(DecodeLimits limits) {
        this.limits = limits;
    }

    /** A cursor before the first record of the batches between the buffer's position and its limit. */
    public RecordCursor(ByteBuffer batches) {
        this(DecodeLimits.STORED);
        reset(batches);
    }

    /** Goes before the first record of the batches between the buffer's position and its limit. */
    public RecordCursor reset(ByteBuffer newBatches) {
        batches = newBatches;
        nextBatch = newBatches.position();
        remaining = 0;
        reader.clear();
        return this;
    }

    /**
     * Goes to the next record; false when there is none.
     *
     * @throws CorruptBatchException if the bytes are not well-formed batches, or if one decompresses beyond the limits
     */
    public boolean next() {
        while (remaining == 0) {
            if (reader.leftOver() > 0) {
                throw new CorruptBatchException("The batch at offset " + baseOffset + " has " + reader.leftOver()
                        + " bytes behind its last record");
            }
            if (nextBatch >= batches.limit()) {
                return false;
            }
            openBatch();
        }
        remaining--;
        readRecord();
        return true;
    }

    private void openBatch() {
        int available = batches.limit() - nextBatch;
        if (available < RecordBatch.HEADER_BYTES) {
            throw new CorruptBatchException("The last batch ends within its header");
        }
        batch.wrap(batches, nextBatch);
        String flaw = batch.headerFlaw(available);
        if (flaw != null) {
            throw new CorruptBatchException("The batch at offset " + batch.baseOffset() + " is damaged: " + flaw);
        }
        int size = batch.sizeInBytes();
        int recordsAt = nextBatch + RecordBatch.HEADER_BYTES;
        nextBatch += size;
        if (batch.isControl()) {
            return;
        }
        remaining = batch.count();
        if (remaining < 0) {
            throw new CorruptBatchException("The batch at offset " + batch.baseOffset() + " has a count below 0");
        }
        baseOffset = batch.baseOffset();
        baseTimestamp = batch.baseTimestamp();
        appendTimed = batch.isLogAppendTime();
        appendTime = batch.maxTimestamp();
        openRecords(batch.codec(), recordsAt, size - RecordBatch.HEADER_BYTES);
    }

    private void openRecords(Codec codec, int position, int length) {
        byte[] from;
        int at;
        if (batches.hasArray()) {
            from = batches.array();
            at = batches.arrayOffset() + position;
        } else {
            copied.length(0);
            copied.add(batches, position, length);
            from = copied.array();
            at = 0;
        }
        if (codec == Codec.NONE || length == 0) {
            reader.reset(from, at, length);
            return;
        }
        records.length(0);
        CompressionFormat.of(codec).decompress(from, at, length, records, limits.allowedFor(length));
        reader.reset(records.array(), 0, records.length());
    }

    private void readRecord() {
        RecordReader in = reader;
        int length = in.readInt();
        int end = in.endOf(length);
        in.readByte();
        long timestampDelta = in.readLong();
        timestamp = appendTimed ? appendTime : baseTimestamp + timestampDelta;
        offset = baseOffset + in.readInt();
        keyLength = in.readInt();
        keyOffset = in.skip(keyLength, -1);
        valueLength = in.readInt();
        valueOffset = in.skip(valueLength, -1);
        readHeaders(in);
        if (in.position() != end) {
            throw new CorruptBatchException("A record of the batch at offset " + baseOffset + " says it has " + length
                    + " bytes, but its fields end elsewhere");
        }
    }

    private void readHeaders(RecordReader in) {
        int count = in.readInt();
        if (count < 0 || count > in.leftOver() / LEAST_HEADER_BYTES) {
            throw new CorruptBatchException(
                    "A record of the batch at offset " + baseOffset + " has " + count + " headers");
        }
        for (int at = 0; at < count * PER_HEADER; at += PER_HEADER) {
            if (at == headers.length) {
                // As they come: a count alone must not make anybody allocate.
                headers = Arrays.copyOf(headers, 2 * at);
            }
            headers[at + 1] = in.readInt();
            headers[at] = in.skip(headers[at + 1], 0);
            headers[at + 3] = in.readInt();
            headers[at + 2] = in.skip(headers[at + 3], -1);
        }
        headerCount = count;
    }

    /** Offset of the record. */
    public long offset() {
        return offset;
    }

    /** Epoch ms: the record's own, or the append time where the batch says so. */
    public long timestamp() {
        return timestamp;
    }

    /** What all the offsets below point into. Changes from batch to batch; read only. */
    public byte[] array() {
        return reader.array();
    }

    /** Where the key begins. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Bytes, -1 for a null key. */
    public int keyLength() {
        return keyLength;
    }

    /** Where the value begins. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Bytes, -1 for a null value. */
    public int valueLength() {
        return valueLength;
    }

    /** Headers of the record. */
    public int headerCount() {
        return headerCount;
    }

    /** Where the UTF-8 name of header {@code index} begins; {@code index} from 0 to {@link #headerCount} - 1. */
    public int headerNameOffset(int index) {
        return headers[at(index)];
    }

    /** Bytes of the name, 0 or more. */
    public int headerNameLength(int index) {
        return headers[at(index) + 1];
    }

    /** Where the value of header {@code index} begins. */
    public int headerValueOffset(int index) {
        return headers[at(index) + 2];
    }

    /** Bytes, -1 for a null value. */
    public int headerValueLength(int index) {
        return headers[at(index) + 3];
    }

    private int at(int index) {
        if (index < 0 || index >= headerCount) {
            throw new IndexOutOfBoundsException("Header " + index + " of " + headerCount);
        }
        return index * PER_HEADER;
    }
}

package io.naru.commitlog.batch;

import java.nio.ByteBuffer;

/**
 * Looks at a batch that somebody else has built, down to the last record, before a log takes it. Reusable; not
 * thread-safe. Memory is bounded by the limits it was made with.
 */
public final class BatchValidator {
    /** Bits of the attributes that mean nothing here or may not come from outside. */
    private static final int FOREIGN_ATTRIBUTES = 0xFFC0;

    private final int maxBatchBytes;
    private final RecordBatch header = new RecordBatch();
    private final RecordCursor cursor;

    /**
     * A validator with its bounds.
     *
     * @param maxBatchBytes largest batch, as it came, in bytes
     * @param limits how far its records may be decompressed
     */
    public BatchValidator(int maxBatchBytes, DecodeLimits limits) {
        this.maxBatchBytes = maxBatchBytes;
        this.cursor = new RecordCursor(limits);
    }

    /**
     * Makes sure that the buffer holds, from its position to its limit, exactly one well-formed batch that a client may
     * store. Its base offset and leader epoch are not looked at, since the log writes its own.
     *
     * @throws CorruptBatchException saying what is wrong with it
     */
    public void check(ByteBuffer batch) {
        int size = batch.remaining();
        if (size < RecordBatch.HEADER_BYTES) {
            throw new CorruptBatchException(
                    "A record batch has at least " + RecordBatch.HEADER_BYTES + " bytes; these are " + size);
        }
        if (size > maxBatchBytes) {
            throw new CorruptBatchException(
                    "The batch has " + size + " bytes; at most " + maxBatchBytes + " are allowed");
        }
        header.wrap(batch, batch.position());
        checkHeader(size);
        checkRecords(batch);
    }

    private void checkHeader(int size) {
        if (header.magic() != RecordBatch.MAGIC) {
            throw new CorruptBatchException(
                    "The batch's magic is " + header.magic() + "; only version " + RecordBatch.MAGIC + " is taken");
        }
        if (header.sizeInBytes() != size) {
            throw new CorruptBatchException(
                    "The batch says it has " + header.sizeInBytes() + " bytes, and " + size + " came");
        }
        if (!header.isCrcValid()) {
            throw new CorruptBatchException("The batch's CRC-32C is not that of its bytes; it was damaged on its way");
        }
        if (header.isControl() || header.isTransactional()) {
            throw new CorruptBatchException("The batch is marked as part of a transaction; there are none here");
        }
        if (header.isLogAppendTime() || (header.attributes() & FOREIGN_ATTRIBUTES) != 0) {
            throw new CorruptBatchException("The batch's attributes have bits set that only a log may set: 0x"
                    + Integer.toHexString(header.attributes() & 0xFFFF));
        }
        checkProducer();
        if (header.count() < 1 || header.lastOffsetDelta() != header.count() - 1) {
            throw new CorruptBatchException("The batch says it has " + header.count()
                    + " records, and that the last is number " + header.lastOffsetDelta() + " counted from 0");
        }
    }

    private void checkProducer() {
        long id = header.producerId();
        if (id < RecordBatch.NONE) {
            throw new CorruptBatchException("The batch's producer id is " + id + "; ids below -1 are reserved");
        }
        if (id >= 0 && (header.producerEpoch() < 0 || header.baseSequence() < 0)) {
            throw new CorruptBatchException("The batch is of producer " + id + " in epoch " + header.producerEpoch()
                    + " from sequence number " + header.baseSequence() + " on; neither may be negative");
        }
    }

    private void checkRecords(ByteBuffer batch) {
        cursor.reset(batch);
        long expected = header.baseOffset();
        long latest = Long.MIN_VALUE;
        while (cursor.next()) {
            if (cursor.offset() != expected) {
                throw new CorruptBatchException("Record " + (expected - header.baseOffset())
                        + " of the batch, counted from 0, says it is number "
                        + (cursor.offset() - header.baseOffset()));
            }
            expected++;
            latest = Math.max(latest, cursor.timestamp());
        }
        if (latest != header.maxTimestamp()) {
            throw new CorruptBatchException("The batch says its latest timestamp is " + header.maxTimestamp()
                    + ", and its records' is " + latest);
        }
    }
}

package io.naru.commitlog.batch;

import java.nio.ByteBuffer;

/**
 * Walks the records of one batch no deeper than compaction has to: where each begins and ends, its key, and whether its
 * value is null. No object per record, no copy of what is not compressed. Reusable; not thread-safe. The buffer must have
 * an array and stay unchanged meanwhile.
 *
 * <p>Every length is checked against its batch before it is believed. Checksums are not computed here.
 */
public final class RecordWalk {
    private final RecordBatch batch = new RecordBatch();
    private final RecordReader reader = new RecordReader();
    private final GrowableBytes unpacked = new GrowableBytes();

    private int remaining;
    private long baseOffset;
    private long baseTimestamp;
    private int start;
    private int bodyStart;
    private int afterTimestamp;
    private int end;
    private long offset;
    private long timestamp;
    private int keyOffset;
    private int keyLength;
    private boolean tombstone;

    /**
     * Goes before the first record of the batch that begins at the buffer's position.
     *
     * @throws CorruptBatchException if its header is damaged, or it cannot be decompressed
     */
    public RecordWalk reset(ByteBuffer buffer) {
        batch.wrap(buffer, buffer.position());
        String flaw = batch.headerFlaw(buffer.remaining());
        if (flaw != null || batch.count() < 0) {
            throw new CorruptBatchException("The batch at offset " + batch.baseOffset() + " is damaged: "
                    + (flaw == null ? "its count is below 0" : flaw));
        }
        baseOffset = batch.baseOffset();
        baseTimestamp = batch.baseTimestamp();
        remaining = batch.count();
        int at = buffer.arrayOffset() + buffer.position() + RecordBatch.HEADER_BYTES;
        int length = batch.sizeInBytes() - RecordBatch.HEADER_BYTES;
        Codec codec = batch.codec();
        if (codec == Codec.NONE || length == 0) {
            reader.reset(buffer.array(), at, length);
        } else {
            unpacked.length(0);
            CompressionFormat.of(codec)
                    .decompress(buffer.array(), at, length, unpacked, DecodeLimits.STORED.allowedFor(length));
            reader.reset(unpacked.array(), 0, unpacked.length());
        }
        end = reader.position();
        return this;
    }

    /**
     * Goes to the next record; false when there is none.
     *
     * @throws CorruptBatchException if the bytes are no well-formed record
     */
    public boolean next() {
        if (remaining == 0) {
            if (reader.leftOver() > 0) {
                throw new CorruptBatchException("The batch at offset " + baseOffset + " has " + reader.leftOver()
                        + " bytes behind its last record");
            }
            return false;
        }
        remaining--;
        RecordReader in = reader;
        start = in.position();
        int length = in.readInt();
        end = in.endOf(length);
        bodyStart = in.position();
        in.readByte();
        timestamp = baseTimestamp + in.readLong();
        afterTimestamp = in.position();
        offset = baseOffset + in.readInt();
        keyLength = in.readInt();
        keyOffset = in.skip(keyLength, -1);
        tombstone = in.readInt() < 0;
        if (in.position() > end) {
            throw new CorruptBatchException("A record of the batch at offset " + baseOffset + " says it has " + length
                    + " bytes, but its fields do not fit in");
        }
        in.skip(end - in.position(), 0);
        return true;
    }

    /** Offset of the record. */
    public long offset() {
        return offset;
    }

    /** Whether it has a key, be it an empty one. */
    public boolean hasKey() {
        return keyLength >= 0;
    }

    /** What {@link #keyOffset} points into; read only. */
    public byte[] array() {
        return reader.array();
    }

    /** Where the key begins. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Bytes of the key, -1 for a null key. */
    public int keyLength() {
        return keyLength;
    }

    /** Whether its value is null, which says that the key is deleted. */
    public boolean isTombstone() {
        return tombstone;
    }

    /** Its own timestamp in epoch ms, whatever the batch says of append times. */
    long timestamp() {
        return timestamp;
    }

    /** Where the record begins in {@link #array}. */
    int start() {
        return start;
    }

    /** Where what follows its length begins. */
    int bodyStart() {
        return bodyStart;
    }

    /** Where its offset delta begins, which follows the timestamp. */
    int afterTimestamp() {
        return afterTimestamp;
    }

    /** Where it ends. */
    int end() {
        return end;
    }
}

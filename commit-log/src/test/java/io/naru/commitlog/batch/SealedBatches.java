package io.naru.commitlog.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Batches whose header and checksum are right, around record sections that need not be. */
final class SealedBatches {
    private SealedBatches() {}

    /** A batch that says it holds one record with timestamp 1, compressed with {@code codec} to {@code body}. */
    static ByteBuffer around(Codec codec, byte[] body) {
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + body.length);
        batch.put(RecordBatch.HEADER_BYTES, body);
        RecordBatch.of(batch).fill(codec, 1, 1, 1).setProducer(-1, (short) -1, -1);
        return batch;
    }

    /** The same batch with another body. */
    static ByteBuffer withBody(ByteBuffer batch, byte[] body) {
        ByteBuffer changed = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + body.length);
        changed.put(0, batch, 0, RecordBatch.HEADER_BYTES).put(RecordBatch.HEADER_BYTES, body);
        changed.putInt(RecordBatch.LENGTH, changed.limit() - RecordBatch.PREFIX_BYTES);
        return seal(changed);
    }

    static ByteBuffer seal(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.array(), RecordBatch.CRC_FROM, batch.limit() - RecordBatch.CRC_FROM);
        return batch.putInt(RecordBatch.CRC, (int) crc.getValue());
    }

    static byte[] body(ByteBuffer batch) {
        byte[] body = new byte[batch.limit() - RecordBatch.HEADER_BYTES];
        batch.get(RecordBatch.HEADER_BYTES, body);
        return body;
    }

    /** The section of one record with timestamp 1, no key, no headers, and this value. */
    static byte[] section(byte[] value) {
        RecordBatchBuilder builder = new RecordBatchBuilder(value.length + 1000);
        builder.tryAppend(1, null, 0, -1, value, 0, value.length, RecordHeaders.NONE);
        return body(builder.build(Codec.NONE));
    }

    /** Compressed by our own code. */
    static byte[] compressed(Codec codec, byte[] bytes) {
        CompressionFormat format = CompressionFormat.of(codec);
        byte[] to = new byte[format.compressBound(bytes.length)];
        int length = format.compress(bytes, 0, bytes.length, to, 0, codec.defaultLevel());
        return Arrays.copyOf(to, length);
    }

    /** Decompressed by our own code. */
    static byte[] decompressed(Codec codec, byte[] bytes, int maxLength) {
        GrowableBytes into = new GrowableBytes();
        CompressionFormat.of(codec).decompress(bytes, 0, bytes.length, into, maxLength);
        return Arrays.copyOf(into.array(), into.length());
    }
}

package io.naru.commitlog.batch;

import java.nio.ByteBuffer;

/**
 * Gives finished batches another codec, as a topic with a fixed {@code compression.type} asks for batches that others
 * have built. Records, offsets, timestamps and producer stay as they are. Reusable; not thread-safe.
 */
public final class BatchRecompressor {
    private final DecodeLimits limits;
    private final RecordBatch header = new RecordBatch();
    private final GrowableBytes unpacked = new GrowableBytes();
    private final Packer packer = new Packer();

    /**
     * A recompressor with its bounds.
     *
     * @param limits how far records may be decompressed
     */
    public BatchRecompressor(DecodeLimits limits) {
        this.limits = limits;
    }

    /**
     * The batch with the codec asked for. Where it has that codec already it is the very buffer that came, whatever its
     * level; otherwise one in memory of this recompressor, which the next call overwrites. What the codec does not make
     * smaller comes out as {@link Codec#NONE}; it may be larger than what came.
     *
     * @param batch from its position to its limit exactly one batch that a {@link BatchValidator} has taken
     * @throws CorruptBatchException if its records cannot be decompressed within the limits
     */
    public ByteBuffer recompress(ByteBuffer batch, Compression to) {
        Codec codec = header.wrap(batch, batch.position()).codec();
        if (codec == to.codec()) {
            return batch;
        }
        unpack(batch, codec);
        int size = unpacked.length();
        int packed = packer.pack(unpacked.array(), size, to);
        if (packed == size) {
            return finished(unpacked.array(), size, Codec.NONE);
        }
        System.arraycopy(unpacked.array(), 0, packer.array(), 0, RecordBatch.HEADER_BYTES);
        return finished(packer.array(), packed, to.codec());
    }

    private void unpack(ByteBuffer batch, Codec codec) {
        int records = batch.remaining() - RecordBatch.HEADER_BYTES;
        unpacked.length(0);
        if (codec == Codec.NONE) {
            unpacked.add(batch, batch.position(), batch.remaining());
            return;
        }
        unpacked.add(batch, batch.position(), RecordBatch.HEADER_BYTES);
        byte[] from = batch.hasArray() ? batch.array() : copyOf(batch);
        int at = batch.hasArray() ? batch.arrayOffset() + batch.position() : 0;
        CompressionFormat.of(codec)
                .decompress(from, at + RecordBatch.HEADER_BYTES, records, unpacked, limits.allowedFor(records));
    }

    private static byte[] copyOf(ByteBuffer batch) {
        byte[] copy = new byte[batch.remaining()];
        batch.get(batch.position(), copy);
        return copy;
    }

    private ByteBuffer finished(byte[] array, int size, Codec codec) {
        ByteBuffer result = ByteBuffer.wrap(array, 0, size);
        header.wrap(result, 0).repack(codec, size);
        return result;
    }
}

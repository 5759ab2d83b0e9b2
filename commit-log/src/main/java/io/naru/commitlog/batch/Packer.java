package io.naru.commitlog.batch;

/** Compresses the records of batches into memory that is reused and grows. Not thread-safe. */
final class Packer {
    private byte[] packed = new byte[0];

    /**
     * Compresses the records of a batch to {@link #array}, where they lie behind room for a header.
     *
     * @param batch holds the records, behind room for a header
     * @param size of both
     * @return the size of header and compressed records; {@code size} itself where that is not smaller, and then {@link
     *     #array} is of no use
     */
    int pack(byte[] batch, int size, Compression compression) {
        int records = size - RecordBatch.HEADER_BYTES;
        if (compression.codec() == Codec.NONE || records == 0) {
            return size;
        }
        CompressionFormat format = CompressionFormat.of(compression.codec());
        int bound = RecordBatch.HEADER_BYTES + format.compressBound(records);
        if (packed.length < bound) {
            packed = new byte[bound];
        }
        int compressed = format.compress(
                batch, RecordBatch.HEADER_BYTES, records, packed, RecordBatch.HEADER_BYTES, compression.level());
        return Math.min(RecordBatch.HEADER_BYTES + compressed, size);
    }

    /** Where {@link #pack} has put its result. */
    byte[] array() {
        return packed;
    }
}

package io.naru.commitlog.batch;

/**
 * One way to compress the records of a batch, in the framing that Kafka's clients write and read. Thread-safe.
 *
 * <p>What is decompressed may come from anybody. No implementation believes a length before it has checked it, takes
 * more memory than the caller allows (and native memory of a fixed size), or reads or writes outside the ranges it was
 * given, whatever the bytes are; and each takes time in proportion to input and allowed output.
 */
sealed interface CompressionFormat permits Gzip, Lz4Frame, XerialSnappy, Zstandard {
    /** Room that {@link #compress} may need for {@code length} bytes. */
    int compressBound(int length);

    /**
     * Compresses a range of {@code from} to {@code to} at {@code toOffset}; answers the compressed length.
     *
     * @param to has {@link #compressBound} bytes of room behind {@code toOffset}, which may be overwritten beyond the
     *     compressed length
     * @param level one that the codec has
     */
    int compress(byte[] from, int fromOffset, int length, byte[] to, int toOffset, int level);

    /**
     * Decompresses a range of {@code from} behind what is in {@code into}, which grows as needed, but never by more
     * than {@code maxLength} bytes. After an exception the bytes added are undefined.
     *
     * @throws CorruptBatchException if the range is not exactly one body in this format, or becomes larger than {@code
     *     maxLength}
     */
    void decompress(byte[] from, int fromOffset, int length, GrowableBytes into, int maxLength);

    /**
     * The format of a codec.
     *
     * @throws IllegalArgumentException for {@link Codec#NONE}, which has none
     */
    static CompressionFormat of(Codec codec) {
        return switch (codec) {
            case NONE -> throw new IllegalArgumentException("Records without compression have no format");
            case GZIP -> Gzip.FORMAT;
            case SNAPPY -> XerialSnappy.FORMAT;
            case LZ4 -> Lz4Frame.FORMAT;
            case ZSTD -> Zstandard.FORMAT;
        };
    }

    /** For records that become larger than they may. */
    static CorruptBatchException tooLarge(int maxLength) {
        return new CorruptBatchException("The batch's records take more than " + maxLength
                + " bytes when decompressed, which is the limit here");
    }

    /** For bytes that are not what their codec makes. */
    static CorruptBatchException damaged(Codec codec, String flaw) {
        return new CorruptBatchException("The batch's " + codec + " data is damaged: " + flaw);
    }
}

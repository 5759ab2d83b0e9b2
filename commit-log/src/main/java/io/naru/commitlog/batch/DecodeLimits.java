package io.naru.commitlog.batch;

/**
 * How far decompression may go, so that a small batch cannot fill the memory.
 *
 * @param maxRecordsBytes largest size of a batch's records when decompressed, in bytes
 * @param maxRatio how many times larger than their compressed form records may be; small batches, up to {@link
 *     #RATIO_FREE_BYTES} decompressed, are exempt, since a run of equal records compresses thousands of times
 */
public record DecodeLimits(int maxRecordsBytes, int maxRatio) {
    /** Decompressed sizes up to this are never refused for their ratio: 1 MiB. */
    public static final int RATIO_FREE_BYTES = 1 << 20;

    /** For batches that passed a check before they were stored: 128 MiB, any ratio. */
    public static final DecodeLimits STORED = new DecodeLimits(128 << 20, Integer.MAX_VALUE);

    public DecodeLimits {
        if (maxRecordsBytes < 1 || maxRatio < 1) {
            throw new IllegalArgumentException("Limits must be at least 1: " + maxRecordsBytes + ", " + maxRatio);
        }
    }

    /** Bytes that records of this compressed size may take when decompressed. */
    int allowedFor(int compressedBytes) {
        long byRatio = Math.max(RATIO_FREE_BYTES, (long) compressedBytes * maxRatio);
        return (int) Math.min(maxRecordsBytes, byRatio);
    }
}

package io.naru.commitlog.batch;

/**
 * What a batch is to be compressed with.
 *
 * @param level how hard to try, within the {@linkplain Codec#hasLevel codec's bounds}; higher is smaller and slower
 */
public record Compression(Codec codec, int level) {
    /** Records as they are. */
    public static final Compression NONE = of(Codec.NONE);

    private static final int QUICK_NANOS = 200_000;
    private static final int SLOW = 1000;

    public Compression {
        if (!codec.hasLevel(level)) {
            throw new IllegalArgumentException(codec + " has no level " + level);
        }
    }

    /** The codec with its default level. */
    public static Compression of(Codec codec) {
        return new Compression(codec, codec.defaultLevel());
    }

    /**
     * Whether compressing so many bytes takes at most about 0.2 ms, so that a thread on which others wait may do it.
     * An estimate from measurements on slow cores; it errs on the side of no.
     *
     * @param bytes size of the batch before compression
     */
    public boolean isQuick(int bytes) {
        return (long) bytes * nanosPerByte() <= QUICK_NANOS;
    }

    private int nanosPerByte() {
        return switch (codec) {
            case NONE, SNAPPY -> 1;
            case LZ4 -> level == Codec.LZ4.defaultLevel() ? 2 : SLOW;
            case ZSTD -> level <= 3 ? 2 : SLOW;
            case GZIP -> level <= 6 ? 40 : SLOW;
        };
    }
}

package io.naru.commitlog;

/**
 * How much of a log is kept.
 *
 * @param maxAgeMillis records older than this may go, counted from their timestamps; {@link #UNLIMITED} keeps all
 * @param maxBytes the log keeps at least its newest so many bytes, and no whole segment more; {@link #UNLIMITED} for
 *     any size
 */
public record RetentionLimits(long maxAgeMillis, long maxBytes) {
    /** Stands for no limit. */
    public static final long UNLIMITED = -1;

    /** Keeps everything. */
    public static final RetentionLimits NONE = new RetentionLimits(UNLIMITED, UNLIMITED);

    public RetentionLimits {
        if (maxAgeMillis < UNLIMITED || maxBytes < UNLIMITED) {
            throw new IllegalArgumentException(
                    "Limits have to be 0 or more, or -1 for none: " + maxAgeMillis + ", " + maxBytes);
        }
    }

    /** Whether what was written last at {@code millis} is older than is kept. */
    boolean hasExpired(long millis, long nowMillis) {
        return maxAgeMillis != UNLIMITED && nowMillis - millis > maxAgeMillis;
    }
}

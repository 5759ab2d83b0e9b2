package io.naru.commitlog.compaction;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets so many bytes a second through, read and written together, over all who share it: who takes too much waits until
 * the time has come for it. Thread-safe.
 */
public final class IoThrottle {
    /** Lets everything through at once. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private static final long SECOND_NANOS = 1_000_000_000;
    /** No wait is longer without a look whether it should end. */
    private static final long LOOK_NANOS = 20_000_000;

    private final double nanosPerByte;
    private long freeAtNanos = System.nanoTime();

    /**
     * A throttle.
     *
     * @param bytesPerSecond at least 1
     */
    public IoThrottle(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("At least one byte a second must pass, not " + bytesPerSecond);
        }
        this.nanosPerByte = bytesPerSecond == UNLIMITED ? 0 : (double) SECOND_NANOS / bytesPerSecond;
    }

    /** Takes bytes, and waits until they may have been taken, or {@code ended} says that there is no point any more. */
    void take(long bytes, BooleanSupplier ended) {
        if (nanosPerByte == 0) {
            return;
        }
        long until = reserve(bytes);
        long left = until - System.nanoTime();
        while (left > 0 && !ended.getAsBoolean()) {
            LockSupport.parkNanos(Math.min(left, LOOK_NANOS));
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            left = until - System.nanoTime();
        }
    }

    private synchronized long reserve(long bytes) {
        long now = System.nanoTime();
        // What was not used in quiet times is not saved up.
        long from = freeAtNanos - now > 0 ? freeAtNanos : now;
        freeAtNanos = from + (long) (bytes * nanosPerByte);
        return freeAtNanos;
    }
}

package io.naru.broker.partition;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of appends that wait for the disk over all partitions of a broker, so that a slow disk turns
 * writers away instead of filling the memory. Thread-safe.
 */
final class ByteBudget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** A budget of {@code limit} bytes. */
    ByteBudget(long limit) {
        this.limit = limit;
    }

    /** Takes {@code bytes} if they fit; a single request larger than the whole budget fits an untouched one. */
    boolean tryTake(int bytes) {
        long after = taken.addAndGet(bytes);
        if (after > limit && after != bytes) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(int bytes) {
        taken.addAndGet(-bytes);
    }

    long limit() {
        return limit;
    }

    long taken() {
        return taken.get();
    }
}

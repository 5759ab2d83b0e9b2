package io.naru.coordinator.liveness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Has the sessions looked at regularly, on a platform thread of its own so that a flood of requests cannot hold it up,
 * and tells how late each look came: a coordinator that was stalled must not fence the cluster for it.
 */
public final class LivenessClock implements AutoCloseable {
    private final Membership membership;
    private final long periodNanos;
    private final LongSupplier nanoClock;
    private final Thread thread;
    private long previousNanos;
    private volatile boolean closed;

    /** @param nanoClock monotonic time in nanoseconds, the same as the membership's */
    public LivenessClock(Membership membership, LivenessSettings settings, LongSupplier nanoClock) {
        this.membership = membership;
        this.periodNanos = settings.check().toNanos();
        this.nanoClock = nanoClock;
        this.previousNanos = nanoClock.getAsLong();
        this.thread = Thread.ofPlatform().daemon().name("broker-liveness").unstarted(this::run);
    }

    public void start() {
        previousNanos = nanoClock.getAsLong();
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            long wait = periodNanos - (nanoClock.getAsLong() - previousNanos);
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
                continue;
            }
            try {
                look();
            } catch (RuntimeException e) {
                System.getLogger(LivenessClock.class.getName())
                        .log(System.Logger.Level.ERROR, "A look at the brokers' sessions failed; the next follows", e);
            }
        }
    }

    /** One look. The clock is read once, so that a pause at any point in it or after it makes the next look late. */
    void look() {
        long now = nanoClock.getAsLong();
        long lateness = now - previousNanos - periodNanos;
        previousNanos = now;
        membership.check(now, lateness);
    }
}

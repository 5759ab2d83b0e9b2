package io.naru.coordinator.liveness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the sessions looked at regularly, on a platform thread of its own so that a flood of requests cannot hold it up,
 * and tells how late each look came: a coordinator that was stalled must not fence the cluster for it.
 */
public final class LivenessClock implements AutoCloseable {
    private final Membership membership;
    private final long periodNanos;
    private final Thread thread;
    private volatile boolean closed;

    public LivenessClock(Membership membership, LivenessSettings settings) {
        this.membership = membership;
        this.periodNanos = settings.check().toNanos();
        this.thread = Thread.ofPlatform().daemon().name("broker-liveness").unstarted(this::run);
    }

    public void start() {
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
        long due = System.nanoTime() + periodNanos;
        while (!closed) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
                continue;
            }
            membership.check(-wait);
            due = System.nanoTime() + periodNanos;
        }
    }
}

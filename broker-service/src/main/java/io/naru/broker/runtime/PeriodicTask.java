package io.naru.broker.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Does a piece of work again and again, on a virtual thread, so that it may block: first one interval after {@link
 * #start}, then each time one interval after it was last done. It never runs twice at once. A failure is logged and does
 * not end it.
 */
public final class PeriodicTask implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PeriodicTask.class.getName());

    private final String name;
    private final Duration interval;
    private final Timers timers;
    private final Work work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private Timers.@Nullable Timer timer;
    private boolean running;
    private boolean closed;

    /** What is done; it may fail. */
    public interface Work {
        void run() throws Exception;
    }

    /**
     * Prepares; {@link #start} begins.
     *
     * @param name of the work, for its thread and for the log
     */
    public PeriodicTask(String name, Duration interval, Timers timers, Work work) {
        this.name = name;
        this.interval = interval;
        this.timers = timers;
        this.work = work;
    }

    /** Begins. To be called once. */
    public void start() {
        lock.lock();
        try {
            if (!closed) {
                timer = timers.after(
                        interval, () -> Thread.ofVirtual().name(name).start(this::runOnce));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it, and waits for the work that is being done. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (timer != null) {
                timer.cancel();
            }
            while (running) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void runOnce() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        try {
            work.run();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "The task '" + name + "' failed; it is tried again in " + interval, e);
        } finally {
            lock.lock();
            try {
                running = false;
                idle.signalAll();
            } finally {
                lock.unlock();
            }
            start();
        }
    }
}

package io.naru.broker.runtime;

import io.naru.commitlog.disk.PrivateThreads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A {@link Loop} with a platform thread of its own. Posting costs one queue node, and wakes the thread only when it
 * sleeps, so that a busy loop is never interrupted. A task that throws is logged and does not end the loop.
 */
public final class ThreadLoop implements Loop, AutoCloseable {
    private static final Logger LOG = System.getLogger(ThreadLoop.class.getName());

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closed;

    /** Starts the loop. */
    public ThreadLoop(String name) {
        thread = Thread.ofPlatform().name(name).daemon(true).unstarted(PrivateThreads.shielded(this::run));
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException(thread.getName() + " is closed");
        }
        tasks.add(task);
        if (closed && tasks.remove(task)) {
            // The loop may have ended between the look at the flag and the add; nobody would run the task.
            throw new RejectedExecutionException(thread.getName() + " is closed");
        }
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Refuses further tasks, runs those already handed over, and waits for the thread to end. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && !isCurrent()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            // Looked at before the queue: what was accepted before the close is then found there.
            boolean last = closed;
            Runnable task = tasks.poll();
            if (task != null) {
                runSafely(task);
            } else if (last) {
                return;
            } else {
                sleepUntilPosted();
            }
        }
    }

    private void sleepUntilPosted() {
        asleep.set(true);
        // Looked at again after the flag is up: a task posted in between would otherwise wake nobody.
        while (asleep.get() && tasks.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "A task of " + Thread.currentThread().getName() + " failed", e);
        }
    }
}

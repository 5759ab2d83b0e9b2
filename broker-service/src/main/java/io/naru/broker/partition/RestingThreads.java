package io.naru.broker.partition;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that do the same again and again, rest in between, and end when they are told to. Thread-safe. */
final class RestingThreads {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /** Starts one; {@code work} is to return soon after {@link #rest} says so. */
    void start(String name, Runnable work) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(work));
    }

    boolean isEnded() {
        return ended;
    }

    /** Waits on one of these threads; false, at once, when they are to end. */
    boolean rest(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!ended && left > 0) {
                left = ending.awaitNanos(left);
            }
            return !ended;
        } catch (InterruptedException _) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns once all have ended, whatever interrupts it. */
    void end() {
        lock.lock();
        try {
            ended = true;
            ending.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

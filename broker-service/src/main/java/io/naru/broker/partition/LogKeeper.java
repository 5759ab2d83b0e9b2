package io.naru.broker.partition;

import io.naru.commitlog.LogException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Looks after the logs of all partitions again and again, on one thread of its own: retention every {@code
 * log.retention.check.interval.ms}, and the files of what was deleted every few seconds.
 */
final class LogKeeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LogKeeper.class.getName());
    private static final long PURGE_NANOS = Duration.ofSeconds(5).toNanos();

    private final LocalPartitions partitions;
    private final long checkNanos;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();
    private boolean closed;

    /** Begins at once; the first check of retention comes after {@code checkInterval}. */
    LogKeeper(LocalPartitions partitions, Duration checkInterval) {
        this.partitions = partitions;
        this.checkNanos = checkInterval.toNanos();
        this.thread = Thread.ofPlatform().daemon().name("log-keeper").start(this::run);
    }

    private void run() {
        long nextCheck = System.nanoTime() + checkNanos;
        while (pause(Math.min(PURGE_NANOS, nextCheck - System.nanoTime()))) {
            if (nextCheck - System.nanoTime() <= 0) {
                keepUp();
                nextCheck = System.nanoTime() + checkNanos;
            }
            purge();
        }
    }

    private void keepUp() {
        for (LocalPartition partition : partitions.all().values()) {
            try {
                partition.upkeep().keepUp();
            } catch (LogException e) {
                LOG.log(Level.DEBUG, () -> "No records of " + partition + " are deleted: " + e.getMessage());
            } catch (IOException | RuntimeException e) {
                LOG.log(
                        Level.WARNING,
                        () -> "Old records of " + partition + " could not be deleted; will try again",
                        e);
            }
        }
    }

    private void purge() {
        for (LocalPartition partition : partitions.all().values()) {
            try {
                partition.upkeep().purge();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, () -> "Files of deleted records of " + partition + " could not be deleted", e);
            }
        }
    }

    /** Waits; false once this is closed. */
    private boolean pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = ending.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException _) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns once the partition that is being looked after is done with. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ending.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
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
}

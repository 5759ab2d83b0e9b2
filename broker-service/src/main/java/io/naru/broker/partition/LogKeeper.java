package io.naru.broker.partition;

import io.naru.commitlog.LogException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Looks after the logs of all partitions again and again, on one thread of its own: retention every {@code
 * log.retention.check.interval.ms}, and the files of what was deleted every few seconds.
 */
final class LogKeeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LogKeeper.class.getName());
    private static final long PURGE_NANOS = Duration.ofSeconds(5).toNanos();

    private final LocalPartitions partitions;
    private final long checkNanos;
    private final RestingThreads threads = new RestingThreads();

    /** Begins at once; the first check of retention comes after {@code checkInterval}. */
    LogKeeper(LocalPartitions partitions, Duration checkInterval) {
        this.partitions = partitions;
        this.checkNanos = checkInterval.toNanos();
        threads.start("log-keeper", this::run);
    }

    private void run() {
        long nextCheck = System.nanoTime() + checkNanos;
        while (threads.rest(Math.min(PURGE_NANOS, nextCheck - System.nanoTime()))) {
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

    /** Returns once the partition that is being looked after is done with. */
    @Override
    public void close() {
        threads.end();
    }
}

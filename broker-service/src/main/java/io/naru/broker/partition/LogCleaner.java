package io.naru.broker.partition;

import io.naru.commitlog.CompactionNeed;
import io.naru.commitlog.CompactionReport;
import io.naru.commitlog.LogDamagedException;
import io.naru.commitlog.LogException;
import io.naru.commitlog.compaction.CompactionStoppedException;
import io.naru.commitlog.compaction.Compactor;
import io.naru.commitlog.compaction.IoThrottle;
import io.naru.commitlog.disk.DiskFullException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Compacts the logs of all partitions whose topics ask for it, the dirtiest first, on threads of its own. A log that
 * cannot be compacted is set aside with the reason, and keeps no other from it; it is tried again when it has been opened
 * anew. Thread-safe.
 */
public final class LogCleaner implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LogCleaner.class.getName());

    private final LocalPartitions partitions;
    private final Settings settings;
    private final IoThrottle throttle;
    private final RestingThreads threads = new RestingThreads();
    private final Set<LocalPartition> atWork = ConcurrentHashMap.newKeySet();
    private final Map<LocalPartition, String> setAside = new ConcurrentHashMap<>();
    private final LongAdder bytesCleaned = new LongAdder();
    private volatile double maxDirtyRatio;
    private volatile long lastLookNanos = System.nanoTime();

    /**
     * What cleaning may take.
     *
     * @param threads that clean at the same time, each one log ({@code log.cleaner.threads})
     * @param bytesPerSecond they read and write together ({@code log.cleaner.io.max.bytes.per.second})
     * @param keyBytes of memory for keys, over all threads ({@code log.cleaner.dedupe.buffer.size})
     * @param bufferBytes of memory for input, and as many for output, over all threads ({@code log.cleaner.io.buffer.size})
     * @param backoff between two looks while there is nothing to do ({@code log.cleaner.backoff.ms})
     */
    public record Settings(int threads, long bytesPerSecond, long keyBytes, int bufferBytes, Duration backoff) {
        /** One thread, as fast as it can, with 32 MiB for keys. */
        public static final Settings DEFAULT =
                new Settings(1, IoThrottle.UNLIMITED, 32 << 20, 1 << 20, Duration.ofSeconds(15));
    }

    /** Begins at once. */
    LogCleaner(LocalPartitions partitions, Settings settings) {
        this.partitions = partitions;
        this.settings = settings;
        this.throttle = new IoThrottle(settings.bytesPerSecond());
        for (int i = 0; i < settings.threads(); i++) {
            threads.start("log-cleaner-" + i, this::run);
        }
    }

    /** The largest share of bytes that could be compacted and were not, over all logs, 0 to 100, at the last look. */
    public double maxDirtyPercent() {
        return 100 * maxDirtyRatio;
    }

    /** Bytes of segments that were written anew. */
    public long bytesCleaned() {
        return bytesCleaned.sum();
    }

    /** Time since somebody looked for a log to compact, in ms: long while all threads are at work, or dead. */
    public long millisSinceLastRun() {
        return Duration.ofNanos(System.nanoTime() - lastLookNanos).toMillis();
    }

    /** Which logs cannot be compacted, and why, in order of their names. */
    public Map<String, String> uncleanable() {
        setAside.keySet().retainAll(partitions.all().values());
        Map<String, String> byName = new TreeMap<>();
        setAside.forEach((partition, reason) -> byName.put(partition.topic() + "/" + partition.number(), reason));
        return byName;
    }

    private void run() {
        int share = settings.threads();
        Compactor compactor =
                new Compactor(settings.keyBytes() / share, Math.max(1, settings.bufferBytes() / share), throttle);
        boolean goOn = true;
        while (goOn) {
            LocalPartition next = claim();
            boolean done = next != null && clean(next, compactor);
            goOn = done ? !threads.isEnded() : threads.rest(settings.backoff().toNanos());
        }
    }

    /** The dirtiest log that nobody is at work on, if it is worth it. */
    private synchronized @Nullable LocalPartition claim() {
        LocalPartition dirtiest = null;
        double most = -1;
        double dirtiestOfAll = 0;
        for (LocalPartition partition : partitions.all().values()) {
            CompactionNeed need = partition.upkeep().compactionNeed();
            if (need == null) {
                continue;
            }
            dirtiestOfAll = Math.max(dirtiestOfAll, need.dirtyRatio());
            if (need.isDue()
                    && need.dirtyRatio() > most
                    && !atWork.contains(partition)
                    && !setAside.containsKey(partition)) {
                dirtiest = partition;
                most = need.dirtyRatio();
            }
        }
        maxDirtyRatio = dirtiestOfAll;
        lastLookNanos = System.nanoTime();
        if (dirtiest != null) {
            atWork.add(dirtiest);
        }
        return dirtiest;
    }

    /** Answers whether it came to an end, so that the next log may be looked for at once. */
    private boolean clean(LocalPartition partition, Compactor compactor) {
        long began = System.nanoTime();
        try {
            CompactionReport report = partition.upkeep().compact(compactor, threads::isEnded);
            bytesCleaned.add(report.bytesBefore());
            LOG.log(
                    Level.INFO,
                    () -> "Compacted %s: %d bytes became %d, with %d keys in the dirty part, in %d ms and %d passes"
                            .formatted(
                                    partition,
                                    report.bytesBefore(),
                                    report.bytesAfter(),
                                    report.keys(),
                                    Duration.ofNanos(System.nanoTime() - began).toMillis(),
                                    report.passes()));
            return report.complete();
        } catch (CompactionStoppedException | ClosedChannelException e) {
            LOG.log(Level.DEBUG, () -> "The compaction of " + partition + " was broken off", e);
        } catch (DiskFullException e) {
            LOG.log(Level.WARNING, () -> partition + " is not compacted before there is room: " + e.getMessage());
        } catch (LogDamagedException e) {
            setAside(partition, e);
        } catch (LogException e) {
            LOG.log(Level.DEBUG, () -> partition + " is not compacted: " + e.getMessage());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            setAside(partition, e);
        } finally {
            atWork.remove(partition);
        }
        return false;
    }

    private void setAside(LocalPartition partition, Throwable why) {
        LOG.log(
                Level.ERROR,
                () -> partition + " could not be compacted and is not, before it is opened again; others are",
                why);
        setAside.put(partition, String.valueOf(why.getMessage()));
    }

    /** Ends what is under way, and returns when it has. */
    @Override
    public void close() {
        threads.end();
    }
}

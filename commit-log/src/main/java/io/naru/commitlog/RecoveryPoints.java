package io.naru.commitlog;

import io.naru.commitlog.damage.DamageReports;
import io.naru.commitlog.segment.RecoveryPoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How far the logs of a directory have been forced, as it is noted on the disk now and then. A note is never ahead of its
 * log: it is taken from what has been forced, and a log that is about to lose forced bytes makes it void first. One that
 * is behind, or missing, makes recovery read more. Thread-safe.
 */
final class RecoveryPoints {
    private static final System.Logger LOG = System.getLogger(RecoveryPoints.class.getName());

    /** After so many bytes a growing segment's index is written as it is, though they never stop coming. */
    private static final long SEAL_BYTES = 64L << 20;
    /** Where a log has rested since the last note, from so few bytes on, or so few entries in memory. */
    private static final long SEAL_RESTING_BYTES = 1L << 20;

    private static final int SEAL_RESTING_ENTRIES = 64;

    private final DirectoryFiles files;
    private final DamageReports damages;
    private final ReentrantLock noting = new ReentrantLock();
    private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
    private volatile Map<String, RecoveryPoint> noted;

    /** Reads what is noted. Where that cannot be read it is as if nothing were. */
    RecoveryPoints(DirectoryFiles files, DamageReports damages) {
        this.files = files;
        this.damages = damages;
        this.noted = read(files, damages);
    }

    private static Map<String, RecoveryPoint> read(DirectoryFiles files, DamageReports damages) {
        try {
            return files.recoveryPoints();
        } catch (IOException e) {
            damages.report(files.points(), 0, String.valueOf(e.getMessage()));
            LOG.log(
                    System.Logger.Level.WARNING,
                    "How far logs had been forced is not known: more of them is read, and forced bytes are not told"
                            + " from others",
                    e);
            return Map.of();
        }
    }

    /** How far a log of this name had been forced, be it this one or one that was deleted; null if it is not noted. */
    @Nullable
    RecoveryPoint of(String name) {
        return noted.get(name);
    }

    /** The log of this name is deleted. */
    void forget(String name) {
        forgotten.add(name);
    }

    /**
     * Notes how far all logs have been forced, if that has changed. Before that it writes indexes that take memory, or
     * would have to be built from batches after a crash.
     *
     * @param maxSeals most indexes to write
     */
    void note(OpenLogs logs, int maxSeals) throws IOException {
        noting.lock();
        try {
            sealResting(logs, maxSeals);
            Map<String, RecoveryPoint> points = new HashMap<>(noted);
            points.keySet().removeAll(forgotten);
            Map<CommitLog, Integer> generations = new HashMap<>();
            logs.forEach((name, log) -> {
                int generation = log.pointGeneration();
                RecoveryPoint point = log.recoveryPoint();
                if (point != null) {
                    points.put(name, point);
                    generations.put(log, generation);
                }
            });
            if (!points.equals(noted)) {
                files.noteRecoveryPoints(points);
                damages.mended(files.points());
                noted = Map.copyOf(points);
            }
            for (Map.Entry<CommitLog, Integer> each : generations.entrySet()) {
                each.getKey().pointNoted(each.getValue());
            }
        } finally {
            noting.unlock();
        }
    }

    /** Reads once more what is noted on the disk; where that cannot be, it is reported and noted anew. */
    void check() throws IOException {
        noting.lock();
        try {
            if (noted.isEmpty()) {
                return;
            }
            try {
                files.recoveryPoints();
            } catch (IOException e) {
                damages.report(files.points(), 0, String.valueOf(e.getMessage()));
                files.noteRecoveryPoints(noted);
                damages.mended(files.points());
            }
        } finally {
            noting.unlock();
        }
    }

    private void sealResting(OpenLogs logs, int maxSeals) {
        int[] left = {maxSeals};
        logs.forEach((name, log) -> {
            RecoveryPoint point = log.recoveryPoint();
            if (point == null || left[0] == 0) {
                return;
            }
            boolean rests = point.equals(noted.get(name));
            try {
                if (rests
                        ? log.sealLast(SEAL_RESTING_BYTES, SEAL_RESTING_ENTRIES)
                        : log.sealLast(SEAL_BYTES, Integer.MAX_VALUE)) {
                    left[0]--;
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "The index of log " + name + " could not be written", e);
            }
        });
    }
}

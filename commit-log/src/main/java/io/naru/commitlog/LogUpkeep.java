package io.naru.commitlog;

import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.disk.DiskReader;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes records away that a log need not keep. Every method may be called by any thread but should not be by the log's
 * owner, since they block on the disk; one does its work at a time, and neither the owner nor readers wait for it.
 *
 * <p>Where the log starts is noted on the disk before any record goes: what was deleted stays so, whatever crashes.
 */
public final class LogUpkeep {
    private static final System.Logger LOG = System.getLogger(LogUpkeep.class.getName());

    private final CommitLog log;
    private final SegmentFolder folder;
    private final StateGuard guard;
    private final LiveSegments live;
    private final BatchHistory history;
    /** Taken before {@link #forcing}, where both are. */
    private final ReentrantLock working = new ReentrantLock();

    private final ReentrantLock forcing;
    /** Taken after {@link #forcing}, where both are. */
    private final ReentrantLock sealing;

    LogUpkeep(
            CommitLog log,
            SegmentFolder folder,
            StateGuard guard,
            LiveSegments live,
            BatchHistory history,
            ReentrantLock forcing,
            ReentrantLock sealing) {
        this.log = log;
        this.folder = folder;
        this.guard = guard;
        this.live = live;
        this.history = history;
        this.forcing = forcing;
        this.sealing = sealing;
    }

    /**
     * Deletes the segments that are too old or too many, from the first on, so long as they lie below {@code
     * limitOffset} as a whole. The active segment stays: see {@link CommitLog#rollIfDue}.
     *
     * @return the offset the log starts at
     * @throws LogException if the log takes no writes; then nothing is deleted
     * @throws IOException if the disk failed; what should have been deleted may be, wholly or in part
     */
    public long expire(RetentionLimits limits, long nowMillis, long limitOffset) throws IOException {
        working.lock();
        try {
            guard.checkWritable();
            long limit = Math.min(limitOffset, log.logEndOffset());
            return advanceStart(Retention.startUnder(limits, live.list(), nowMillis, limit), nowMillis);
        } finally {
            working.unlock();
        }
    }

    /**
     * Deletes all records below {@code offset}. Once this has returned none of them is ever read again; their room is
     * given back a segment at a time.
     *
     * @param offset at most the log's end; at its start or below there is nothing to do
     * @return the offset the log starts at
     * @throws OffsetOutOfRangeException if {@code offset} is above the log's end
     * @throws LogException if the log takes no writes; then nothing is deleted
     * @throws IOException if the disk failed; the records may be deleted or not
     */
    public long deleteBefore(long offset, long nowMillis) throws IOException {
        working.lock();
        try {
            guard.checkWritable();
            if (offset > log.logEndOffset()) {
                throw new OffsetOutOfRangeException(offset, live.startOffset(), log.logEndOffset());
            }
            return advanceStart(offset, nowMillis);
        } finally {
            working.unlock();
        }
    }

    /**
     * Gives back the room of segments that were deleted at least {@code delayMillis} ago. Until then slices of them can
     * be read.
     *
     * @return how many segments still wait for that
     */
    public int purge(long nowMillis, long delayMillis) {
        return live.purge(nowMillis, delayMillis);
    }

    /** Writes anew where the log starts, which the disk does not say any more. */
    void restoreStart() throws IOException {
        working.lock();
        try {
            guard.checkWritable();
            LogStart.accept(folder, live.startOffset());
        } finally {
            working.unlock();
        }
    }

    /**
     * Puts a segment that a compaction has written in the place of those it was written from; slices of these can be read
     * until they are {@linkplain #purge purged}. See {@link SegmentSwap}.
     *
     * @return false, and nothing is done, if they are no part of the log any more, or it was closed
     * @throws IOException if the disk failed; what was not done is when the log is opened
     */
    boolean replace(List<Segment> old, Segment fresh, long nowMillis) throws IOException {
        working.lock();
        try {
            if (!guard.isWritable() || !live.holds(old)) {
                return false;
            }
            SegmentSwap swap = new SegmentSwap(folder, old, fresh);
            try {
                swap.commit();
            } catch (IOException e) {
                fresh.close();
                throw e;
            }
            // From here on there is no way back: readers see the new one, whatever its file is called.
            whileNobodyWrites(() -> live.replace(old, fresh));
            old.forEach(Segment::retire);
            sealing.lock();
            try {
                swap.complete();
                seal(fresh);
            } finally {
                live.retire(old, nowMillis);
                sealing.unlock();
            }
            return true;
        } finally {
            working.unlock();
        }
    }

    /** Opens a file of the log while no segment gets another name. */
    DiskReader openUncached(Path file) throws IOException {
        working.lock();
        try {
            return folder.disk().openUncached(file);
        } finally {
            working.unlock();
        }
    }

    private void seal(Segment fresh) {
        try {
            fresh.seal();
            folder.force();
            fresh.releaseIndex();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The indexes of " + fresh.file() + " stay in memory", e);
        }
    }

    /** As {@link LiveSegments#beginAnew}. */
    void beginAnew(Segment atStart) throws IOException {
        whileNobodyWrites(() -> {
            live.beginAnew(atStart, 0);
            return true;
        });
    }

    /** Waits for who is at work, and closes the files; the log has been marked as closed. */
    void close() throws IOException {
        working.lock();
        try {
            whileNobodyWrites(() -> {
                live.close();
                return true;
            });
        } finally {
            working.unlock();
        }
    }

    private long advanceStart(long newStart, long nowMillis) throws IOException {
        if (newStart <= live.startOffset()) {
            return live.startOffset();
        }
        long needed = Math.max(newStart, rememberUpTo(newStart));
        if (log.forcedEndOffset() < needed) {
            // Else a loss of power could end the log before the place where it starts, or where its snapshot ends.
            log.force();
        }
        noteStart(newStart);
        whileNobodyWrites(() -> {
            live.startAt(newStart, nowMillis);
            return true;
        });
        return newStart;
    }

    /** As {@link BatchHistory#losing}. */
    private long rememberUpTo(long newStart) throws IOException {
        while (true) {
            try {
                return history.losing(newStart, log.forcedEndOffset());
            } catch (DiskFullException e) {
                // As below. A crash before the snapshot is written forgets who wrote what goes now;
                // a disk that stays full would keep everybody from writing.
                if (!whileNobodyWrites(() -> live.makeRoom(newStart))) {
                    throw e;
                }
            }
        }
    }

    private void noteStart(long newStart) throws IOException {
        while (true) {
            try {
                LogStart.write(folder, newStart);
                return;
            } catch (DiskFullException e) {
                // Who deletes records must not be turned away for want of room.
                if (!whileNobodyWrites(() -> live.makeRoom(newStart))) {
                    throw e;
                }
            }
        }
    }

    private interface Change {
        boolean make() throws IOException;
    }

    /** Changes what the log consists of while nobody forces a segment or writes an index, which may be one that goes. */
    private boolean whileNobodyWrites(Change change) throws IOException {
        forcing.lock();
        sealing.lock();
        try {
            return change.make();
        } finally {
            sealing.unlock();
            forcing.unlock();
        }
    }
}

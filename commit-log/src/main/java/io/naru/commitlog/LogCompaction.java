package io.naru.commitlog;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.compaction.CompactionStoppedException;
import io.naru.commitlog.compaction.Compactor;
import io.naru.commitlog.compaction.SegmentGroups;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compacts one log: leaves of the records with one key the latest, each where it was. Any thread, but not the log's
 * owner, since it takes its time; one compacts at a time, and nobody waits for it, but for the moment in which a new
 * segment takes its place.
 *
 * <p>Only finished segments are touched, and only such as have been forced. What each pass leaves is on the disk before
 * the next segment is touched, from the first on: so whatever crashes, the earlier records of a key are gone before its
 * tombstone is.
 */
public final class LogCompaction {
    private final CommitLog log;
    private final SegmentFolder folder;
    private final StateGuard guard;
    private final LiveSegments live;
    private final BatchHistory history;
    private final LogUpkeep upkeep;
    private final FreeSpace space;
    private final ReentrantLock compacting = new ReentrantLock();

    private volatile CompactionNote note;
    private volatile @Nullable IOException failure;

    LogCompaction(
            CommitLog log,
            SegmentFolder folder,
            StateGuard guard,
            LiveSegments live,
            BatchHistory history,
            LogUpkeep upkeep,
            FreeSpace space,
            CompactionNote note)
            throws IOException {
        this.log = log;
        this.folder = folder;
        this.guard = guard;
        this.live = live;
        this.history = history;
        this.upkeep = upkeep;
        this.space = space;
        this.note = note;
        long end = live.list().last().nextOffset();
        if (note.firstDirtyOffset() > end) {
            // The log has lost what was clean there; what is appended in its place is not.
            note(note.cleanUpTo(end));
        }
    }

    /**
     * Changes whenever records below the log's end may have gone or batches changed by compaction; the same number
     * stands for the same bytes, also after a crash.
     */
    public long generation() {
        return note.generation();
    }

    /** Records before this one have been compacted. */
    public long firstDirtyOffset() {
        return Math.max(note.firstDirtyOffset(), live.startOffset());
    }

    /**
     * What there is to do. Cheap.
     *
     * @param limitOffset nothing from here on is touched
     */
    public CompactionNeed need(CompactionLimits limits, long nowMillis, long limitOffset) {
        SegmentList now = live.list();
        long from = firstDirtyOffset();
        int end = cleanable(now, limits, nowMillis, limitOffset);
        long clean = 0;
        long dirty = 0;
        boolean overdue = false;
        for (int i = 0; i < end; i++) {
            if (now.get(i + 1).baseOffset() <= from) {
                clean += now.get(i).size();
            } else {
                long since = now.get(i).firstAppendMillis();
                overdue |= dirty == 0 && since >= 0 && nowMillis - since > limits.maxLagMillis();
                dirty += now.get(i).size();
            }
        }
        boolean worthIt = new CompactionNeed(clean, dirty, true).dirtyRatio() > limits.minDirtyRatio();
        return new CompactionNeed(clean, dirty, dirty > 0 && (overdue || worthIt));
    }

    /**
     * Compacts what can be, be it worth it or not.
     *
     * @param limitOffset nothing from here on is touched; the log's high watermark
     * @param ended asked now and then; once it says so, this ends with {@link CompactionStoppedException}
     * @throws LogDamagedException if a batch is damaged; nothing that holds it was replaced
     * @throws DiskFullException if there is no room for a new segment beside the old ones; it may be tried again
     * @throws LogException if the log takes no writes
     * @throws IOException if the disk failed; where a segment could not be put in its place as a whole, the log goes on
     *     with it, and is not compacted any more before it has been opened again
     */
    public CompactionReport compact(
            Compactor with, CompactionLimits limits, long nowMillis, long limitOffset, BooleanSupplier ended)
            throws IOException {
        compacting.lock();
        try {
            checkUsable();
            SegmentList now = live.list();
            long target =
                    now.get(cleanable(now, limits, nowMillis, limitOffset)).baseOffset();
            CompactionReport sum = CompactionReport.NOTHING;
            while (sum.complete() && firstDirtyOffset() < target) {
                sum = plus(sum, pass(with, limits, nowMillis, target, () -> guard.isClosed() || ended.getAsBoolean()));
            }
            return sum;
        } catch (CorruptBatchException e) {
            throw new LogDamagedException("Log " + log.name() + " cannot be compacted: " + e.getMessage());
        } catch (ClosedChannelException e) {
            if (guard.isClosed()) {
                throw new CompactionStoppedException();
            }
            throw e;
        } finally {
            compacting.unlock();
        }
    }

    /** Waits for who is at work; the log has been marked as closed, so that will not be long. */
    void awaitEnd() {
        compacting.lock();
        try {
            assert guard.isClosed();
        } finally {
            compacting.unlock();
        }
    }

    private CompactionReport pass(
            Compactor with, CompactionLimits limits, long nowMillis, long target, BooleanSupplier ended)
            throws IOException {
        SegmentList now = live.list();
        long from = firstDirtyOffset();
        int dirty = now.numberHolding(from);
        Compactor.Pass pass = with.begin(now.range(dirty, now.firstAtOrAbove(target)), from, target, ended);
        int end = now.firstAtOrAbove(pass.endOffset());
        long[] indispensable = history.indispensable();
        LogConfig config = log.config();
        long before = 0;
        long after = 0;
        boolean noted = false;
        int done = 0;
        for (List<Segment> group :
                SegmentGroups.of(now.range(0, end), now.get(end).baseOffset(), config.segmentBytes())) {
            done += group.size();
            long bytes = group.stream().mapToLong(Segment::size).sum();
            requireRoom(bytes);
            Segment fresh = pass.rewrite(
                    folder,
                    group,
                    now.get(done).baseOffset(),
                    indispensable,
                    config.indexIntervalBytes(),
                    nowMillis,
                    limits.deleteRetentionMillis());
            before += bytes;
            after += fresh == null ? bytes : fresh.size();
            if (fresh != null) {
                if (!noted) {
                    note(note.rewriting(now.get(end).baseOffset()));
                    noted = true;
                }
                if (!replace(group, fresh, nowMillis)) {
                    return new CompactionReport(before, after, 1, pass.keyCount(), false);
                }
            }
        }
        note(note.cleanUpTo(pass.endOffset()));
        return new CompactionReport(before, after, 1, pass.keyCount(), true);
    }

    private boolean replace(List<Segment> group, Segment fresh, long nowMillis) throws IOException {
        boolean done = false;
        try {
            done = upkeep.replace(group, fresh, nowMillis);
            return done;
        } catch (IOException e) {
            done = true;
            failure = e;
            throw e;
        } finally {
            if (!done) {
                fresh.deleteFiles();
            }
        }
    }

    private void note(CompactionNote next) throws IOException {
        next.write(folder);
        note = next;
    }

    /** How many segments, from the first on, may be compacted. */
    private int cleanable(SegmentList now, CompactionLimits limits, long nowMillis, long limitOffset) {
        long limit = Math.min(limitOffset, log.forcedEndOffset());
        long from = firstDirtyOffset();
        int count = 0;
        while (count < now.count() - 1) {
            Segment segment = now.get(count);
            Segment next = now.get(count + 1);
            boolean tooYoung = next.baseOffset() > from
                    && limits.minLagMillis() > 0
                    && nowMillis - Retention.latestTime(segment, next.firstAppendMillis(), nowMillis)
                            < limits.minLagMillis();
            if (next.baseOffset() > limit || tooYoung) {
                break;
            }
            count++;
        }
        return count;
    }

    private void checkUsable() throws IOException {
        guard.checkWritable();
        IOException before = failure;
        if (before != null) {
            throw new IOException(
                    "Log " + log.name() + " is not compacted before it is opened again, since that failed: " + before,
                    before);
        }
    }

    private void requireRoom(long bytes) throws DiskFullException {
        if (space.floorBytes() > 0 && space.space().usableBytes() - space.floorBytes() < bytes) {
            throw new DiskFullException(
                    "Log " + log.name() + " is not compacted now: that may take " + bytes + " bytes, its disk has "
                            + space.space().usableBytes() + " left, and " + space.floorBytes() + " are kept free");
        }
    }

    private static CompactionReport plus(CompactionReport a, CompactionReport b) {
        return new CompactionReport(
                a.bytesBefore() + b.bytesBefore(),
                a.bytesAfter() + b.bytesAfter(),
                a.passes() + b.passes(),
                a.keys() + b.keys(),
                b.complete());
    }
}

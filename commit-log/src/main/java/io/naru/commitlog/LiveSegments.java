package io.naru.commitlog;

import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The segments a log consists of, where in the first of them it starts, and those it has parted with. Lists are
 * immutable and replaced in one step, so that readers never wait. The owner adds at the end; whoever changes anything
 * else is alone in that, and nobody forces meanwhile.
 */
final class LiveSegments {
    private final SegmentFolder folder;
    private final AtomicReference<SegmentList> list;
    private final RetiredSegments retired = new RetiredSegments();
    private volatile long startOffset;

    LiveSegments(SegmentFolder folder, List<Segment> segments, long startOffset) {
        this.folder = folder;
        this.list = new AtomicReference<>(new SegmentList(segments));
        this.startOffset = Math.max(startOffset, list().first().baseOffset());
    }

    /** All segments, as they are now. */
    SegmentList list() {
        return list.get();
    }

    /** First offset there is; in the first segment, where nothing is under way. */
    long startOffset() {
        return startOffset;
    }

    /** Adds a segment behind the last. */
    void add(Segment next) {
        list.updateAndGet(now -> now.with(next));
    }

    /** Lets the log start at an offset that is noted on the disk already, and parts with the segments below it. */
    void startAt(long offset, long nowMillis) {
        // In this order: whoever sees the shorter list must be told of the later start.
        startOffset = offset;
        SegmentList before = list();
        int gone = before.countBelow(offset);
        if (gone > 0) {
            list.updateAndGet(now -> now.without(gone));
            retired.add(before.first(gone), nowMillis);
        }
    }

    /**
     * Makes room on the disk at once, whatever readers hold: deletes what was parted with or else the first segment, if
     * it lies below {@code newStart} and is to go anyway. Segments go one by one from the front, each for good before the
     * next, so that a crash leaves a whole log, if one that starts later than is noted.
     *
     * @return whether there was anything to delete
     */
    boolean makeRoom(long newStart) throws IOException {
        if (retired.purgeAll()) {
            return true;
        }
        SegmentList before = list();
        if (before.countBelow(newStart) == 0) {
            return false;
        }
        startOffset = Math.max(startOffset, before.get(1).baseOffset());
        list.updateAndGet(now -> now.without(1));
        retired.add(before.first(1), 0);
        retired.purgeAll();
        folder.force();
        return true;
    }

    /** Goes on with an empty segment that begins where the log starts, without any that lie before. */
    void beginAnew(Segment atStart, long nowMillis) {
        SegmentList before = list.getAndSet(new SegmentList(List.of(atStart)));
        retired.add(before.first(before.count()), nowMillis);
    }

    /**
     * Lets one segment stand for some that follow each other, which are the caller's to {@link #retire}.
     *
     * @return false, and nothing is done, if they are not all here
     */
    boolean replace(List<Segment> old, Segment fresh) {
        SegmentList before = list();
        int number = before.numberOf(old.getFirst());
        if (number < 0
                || number + old.size() >= before.count()
                || !before.range(number, number + old.size()).equals(old)) {
            return false;
        }
        list.updateAndGet(now -> now.replacing(number, old.size(), fresh));
        return true;
    }

    /** Parts with segments that are in the list no more. */
    void retire(List<Segment> old, long nowMillis) {
        retired.add(old, nowMillis);
    }

    /** Whether these are segments of the log. */
    boolean holds(List<Segment> segments) {
        return segments.stream().allMatch(segment -> list().numberOf(segment) >= 0);
    }

    /** As {@link RetiredSegments#purge}. */
    int purge(long nowMillis, long delayMillis) {
        return retired.purge(nowMillis, delayMillis);
    }

    /** Deletes the files of all segments that were parted with; nobody reads any more. */
    void purgeAll() throws IOException {
        retired.purgeAll();
    }

    /** Closes every file. */
    void close() throws IOException {
        retired.close();
        SegmentList now = list();
        for (int i = 0; i < now.count(); i++) {
            now.get(i).close();
        }
    }
}

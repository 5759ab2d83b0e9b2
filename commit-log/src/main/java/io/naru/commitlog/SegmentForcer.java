package io.naru.commitlog;

import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;

/** Brings the segments of one log to the disk, in order. One thread at a time. */
final class SegmentForcer {
    private static final System.Logger LOG = System.getLogger(SegmentForcer.class.getName());

    private final SegmentFolder folder;
    /** Segments that begin below this offset will never change again and are forced. */
    private long finishedBelow;

    /** All segments but the last of those there are now are taken for forced. */
    SegmentForcer(SegmentFolder folder, SegmentList segments) {
        this.folder = folder;
        this.finishedBelow = segments.last().baseOffset();
    }

    /** Forces all segments; none before those it follows, and the folder's entries with them. */
    void force(SegmentList segments) throws IOException {
        int last = segments.count() - 1;
        int finished = finished(segments);
        for (int i = finished; i < last; i++) {
            segments.get(i).force();
        }
        if (finished < last) {
            folder.force();
        }
        segments.last().force();
    }

    /**
     * Seals the segments that were finished since the last time and that {@link #force} has forced. Indexes are no part
     * of the promise: where they cannot be written they stay in memory.
     */
    void seal(SegmentList segments) {
        int last = segments.count() - 1;
        int finished = finished(segments);
        if (finished == last) {
            return;
        }
        try {
            for (int i = finished; i < last; i++) {
                segments.get(i).seal();
            }
            folder.force();
            for (int i = finished; i < last; i++) {
                segments.get(i).releaseIndex();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Indexes in " + folder.path() + " could not be written", e);
        }
        finishedBelow = segments.last().baseOffset();
    }

    /** How many segments, from the first on, were finished the last time. */
    private int finished(SegmentList segments) {
        int finished = segments.count() - 1;
        while (finished > 0 && segments.get(finished - 1).baseOffset() >= finishedBelow) {
            finished--;
        }
        return finished;
    }
}

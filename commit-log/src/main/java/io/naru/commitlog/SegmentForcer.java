package io.naru.commitlog;

import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;

/** Brings the segments of one log to the disk, in order. One thread at a time forces, and one seals. */
final class SegmentForcer {
    private static final System.Logger LOG = System.getLogger(SegmentForcer.class.getName());

    private final SegmentFolder folder;
    /** Segments, from the first on, that will never change again and are forced. */
    private volatile int finished;
    /** Those of them that are sealed, or cannot be. */
    private volatile int sealed;

    /** All segments but the last of those there are now are taken for forced and sealed. */
    SegmentForcer(SegmentFolder folder, SegmentList segments) {
        this.folder = folder;
        this.finished = segments.count() - 1;
        this.sealed = finished;
    }

    /** Forces all segments; none before those it follows, and the folder's entries with them. */
    void force(SegmentList segments) throws IOException {
        int last = segments.count() - 1;
        for (int i = finished; i < last; i++) {
            segments.get(i).force();
        }
        if (finished < last) {
            folder.force();
        }
        segments.last().force();
        finished = last;
    }

    /** Whether there is anything for {@link #seal} to do. */
    boolean hasUnsealed() {
        return sealed < finished;
    }

    /**
     * Seals the segments that were finished since the last time and that {@link #force} has forced. Indexes are no part
     * of the promise: where they cannot be written they stay in memory.
     */
    void seal(SegmentList segments) {
        int end = finished;
        if (sealed == end) {
            return;
        }
        try {
            for (int i = sealed; i < end; i++) {
                segments.get(i).seal();
            }
            folder.force();
            for (int i = sealed; i < end; i++) {
                segments.get(i).releaseIndex();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Indexes in " + folder.path() + " could not be written", e);
        }
        sealed = end;
    }
}

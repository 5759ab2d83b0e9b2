package io.naru.commitlog;

import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;

/** Brings the segments of one log to the disk, in order. One thread at a time forces, and one seals. */
final class SegmentForcer {
    private static final System.Logger LOG = System.getLogger(SegmentForcer.class.getName());

    private final SegmentFolder folder;
    /** Segments that begin below this offset will never change again and are forced. */
    private volatile long finishedBelow;
    /** Those of them that begin below this one are sealed, or cannot be. */
    private volatile long sealedBelow;

    /** All segments but the last of those there are now are taken for forced and sealed. */
    SegmentForcer(SegmentFolder folder, SegmentList segments) {
        this.folder = folder;
        this.finishedBelow = segments.last().baseOffset();
        this.sealedBelow = finishedBelow;
    }

    /** Forces all segments; none before those it follows, and the folder's entries with them. */
    void force(SegmentList segments) throws IOException {
        int last = segments.count() - 1;
        int first = segments.firstAtOrAbove(finishedBelow);
        for (int i = first; i < last; i++) {
            segments.get(i).force();
        }
        if (first < last) {
            folder.force();
        }
        segments.last().force();
        finishedBelow = segments.last().baseOffset();
    }

    /** Whether there is anything for {@link #seal} to do. */
    boolean hasUnsealed() {
        return sealedBelow < finishedBelow;
    }

    /**
     * Seals the segments that were finished since the last time and that {@link #force} has forced. Indexes are no part
     * of the promise: where they cannot be written they stay in memory.
     */
    void seal(SegmentList segments) {
        long end = finishedBelow;
        if (sealedBelow == end) {
            return;
        }
        int first = segments.firstAtOrAbove(sealedBelow);
        int behind = segments.firstAtOrAbove(end);
        try {
            for (int i = first; i < behind; i++) {
                segments.get(i).seal();
            }
            folder.force();
            for (int i = first; i < behind; i++) {
                segments.get(i).releaseIndex();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Indexes in " + folder.path() + " could not be written", e);
        }
        sealedBelow = end;
    }
}

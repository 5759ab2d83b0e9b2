package io.naru.commitlog.segment;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Builds the index of a segment from its batches. Those that are damaged are reported and are not in it. */
final class IndexBuild {
    private static final int WINDOW_BYTES = 256 * 1024;

    private final SegmentFolder folder;
    private final DiskFile file;
    private final IndexHeader expected;

    IndexBuild(SegmentFolder folder, DiskFile file, IndexHeader expected) {
        this.folder = folder;
        this.file = file;
        this.expected = expected;
    }

    /**
     * Goes on from where an index ends.
     *
     * @param covered that index's header; null to begin at the beginning
     * @param index its entries, which others are added to
     */
    SparseIndex from(@Nullable IndexHeader covered, SparseIndex index) throws IOException {
        int end = (int) expected.logBytes();
        int indexedUpTo = covered == null ? 0 : (int) covered.logBytes();
        long maxTimestamp = covered == null ? Long.MIN_VALUE : covered.maxTimestamp();
        Path path = folder.path().resolve(SegmentFiles.name(expected.baseOffset(), SegmentFiles.LOG));
        BatchWalk walk = new BatchWalk(
                path,
                new FileWindow(file, end, WINDOW_BYTES),
                end,
                expected.nextOffset(),
                indexedUpTo,
                covered == null ? expected.baseOffset() : covered.nextOffset(),
                false);
        while (true) {
            try {
                if (!walk.next()) {
                    return index;
                }
                String flaw = walk.flaw();
                if (flaw != null) {
                    throw walk.damagedHere(flaw);
                }
            } catch (DamagedBatchesException e) {
                folder.damages().report(e.file(), e.position(), e.flaw());
                continue;
            }
            RecordBatch batch = walk.batch();
            if (walk.position() - indexedUpTo > expected.indexIntervalBytes()) {
                index.add((int) (batch.baseOffset() - expected.baseOffset()), walk.position(), maxTimestamp);
                indexedUpTo = walk.position();
            }
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
        }
    }
}

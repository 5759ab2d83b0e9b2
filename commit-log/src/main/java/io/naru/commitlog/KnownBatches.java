package io.naru.commitlog;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.epoch.EpochHistory;
import io.naru.commitlog.segment.DamagedBatchesException;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.snapshot.LogSnapshot;
import io.naru.commitlog.snapshot.SnapshotFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot tells of a log, and where in the log the batches begin of which it tells nothing.
 *
 * @param snapshot null if none is of any use
 * @param segment number of the segment to read on in
 * @param position where in that segment
 */
record KnownBatches(@Nullable LogSnapshot snapshot, int segment, int position) {
    /**
     * The newest snapshot that is sound and tells of the very batches that are in the log.
     *
     * @param rewrittenBelow offset below which batches may lie elsewhere than a snapshot says
     */
    static KnownBatches find(SnapshotFiles files, SegmentList segments, long rewrittenBelow) throws IOException {
        for (long offset : files.offsets()) {
            LogSnapshot snapshot = files.read(offset);
            KnownBatches known = snapshot == null ? null : within(snapshot, segments, rewrittenBelow);
            if (known != null) {
                return known;
            }
        }
        return new KnownBatches(null, 0, 0);
    }

    /** Offset the snapshot tells up to; -1 if there is none. */
    long offset() {
        return snapshot == null ? -1 : snapshot.offset();
    }

    /**
     * Where a snapshot ends within a log; null if it does not tell of this one. Two logs that hold a record of one epoch
     * at one offset agree in all before it; so do a log and a snapshot of one.
     */
    private static @Nullable KnownBatches within(LogSnapshot snapshot, SegmentList segments, long rewrittenBelow)
            throws IOException {
        if (snapshot.offset() <= segments.first().baseOffset()) {
            return new KnownBatches(snapshot, 0, 0);
        }
        if (snapshot.offset() > segments.last().nextOffset()) {
            return null;
        }
        int number = segments.numberHolding(snapshot.offset() - 1);
        try {
            int position = lastPosition(snapshot, segments.get(number), rewrittenBelow);
            if (position < 0 && number == 0) {
                // All that it tells of has been compacted away, and nothing is left to compare.
                return new KnownBatches(snapshot, 0, 0);
            }
            if (position < 0) {
                number--;
                position = segments.get(number).lastPosition();
            }
            RecordBatch last = segments.get(number).batchAt(position);
            int epoch = Math.max(last.leaderEpoch(), EpochHistory.NONE);
            return last.lastOffset() < snapshot.offset() && snapshot.epochs().at(last.baseOffset()) == epoch
                    ? new KnownBatches(snapshot, number, position + last.sizeInBytes())
                    : null;
        } catch (CorruptBatchException | DamagedBatchesException _) {
            // What the snapshot tells of cannot be made sure of; that it is damaged is told already.
            return null;
        }
    }

    /**
     * Position of the last batch a snapshot tells of, or -1 if the segment begins behind it; without the segment's index
     * if need be: it may take reading.
     */
    private static int lastPosition(LogSnapshot snapshot, Segment segment, long rewrittenBelow) throws IOException {
        if (snapshot.lastPosition() != LogSnapshot.NOWHERE && snapshot.offset() > rewrittenBelow) {
            try {
                if (segment.batchAt(snapshot.lastPosition()).lastOffset() == snapshot.offset() - 1) {
                    return snapshot.lastPosition();
                }
            } catch (CorruptBatchException _) {
                // Not where it says.
            }
        }
        return segment.lastPositionBefore(snapshot.offset());
    }
}

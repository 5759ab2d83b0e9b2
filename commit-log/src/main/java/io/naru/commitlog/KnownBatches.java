package io.naru.commitlog;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.epoch.EpochHistory;
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
    /** The newest snapshot that is sound and tells of the very batches that are in the log. */
    static KnownBatches find(SnapshotFiles files, SegmentList segments) throws IOException {
        for (long offset : files.offsets()) {
            LogSnapshot snapshot = files.read(offset);
            KnownBatches known = snapshot == null ? null : within(snapshot, segments);
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
    private static @Nullable KnownBatches within(LogSnapshot snapshot, SegmentList segments) throws IOException {
        if (snapshot.offset() <= segments.first().baseOffset()) {
            return new KnownBatches(snapshot, 0, 0);
        }
        if (snapshot.offset() > segments.last().nextOffset()) {
            return null;
        }
        int number = segments.numberHolding(snapshot.offset() - 1);
        Segment segment = segments.get(number);
        try {
            int position = lastPosition(snapshot, segment);
            RecordBatch last = segment.batchAt(position);
            int epoch = Math.max(last.leaderEpoch(), EpochHistory.NONE);
            return last.lastOffset() < snapshot.offset() && snapshot.epochs().at(last.baseOffset()) == epoch
                    ? new KnownBatches(snapshot, number, position + last.sizeInBytes())
                    : null;
        } catch (CorruptBatchException _) {
            return null;
        }
    }

    /** Position of the last batch a snapshot tells of, without the segment's index if need be: it may take reading. */
    private static int lastPosition(LogSnapshot snapshot, Segment segment) throws IOException {
        if (snapshot.lastPosition() != LogSnapshot.NOWHERE) {
            try {
                if (segment.batchAt(snapshot.lastPosition()).lastOffset() == snapshot.offset() - 1) {
                    return snapshot.lastPosition();
                }
            } catch (CorruptBatchException _) {
                // The segment was written anew since.
            }
        }
        return segment.positionOf(snapshot.offset() - 1);
    }
}

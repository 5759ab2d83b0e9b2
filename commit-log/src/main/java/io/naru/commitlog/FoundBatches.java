package io.naru.commitlog;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.epoch.EpochHistory;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.producer.ProducerState;
import io.naru.commitlog.segment.HeaderVisitor;
import io.naru.commitlog.snapshot.LogSnapshot;

/** Adds what batches found in a log tell to what a snapshot does. Used once, by one thread. */
final class FoundBatches implements HeaderVisitor {
    private final ProducerState producers;
    private EpochHistory epochs;
    private long endOffset;
    private int lastPosition = LogSnapshot.NOWHERE;
    private long bytes;

    FoundBatches(KnownBatches known, ProducerLimits limits, long startOffset) {
        LogSnapshot snapshot = known.snapshot();
        if (snapshot == null) {
            epochs = EpochHistory.EMPTY;
            producers = new ProducerState(limits);
        } else {
            epochs = snapshot.epochs().startingAt(startOffset);
            producers = snapshot.producers();
            endOffset = snapshot.offset();
            lastPosition = snapshot.lastPosition();
        }
    }

    @Override
    public void visit(RecordBatch batch, int position) {
        epochs = epochs.with(batch.leaderEpoch(), batch.baseOffset());
        producers.found(batch);
        endOffset = batch.lastOffset() + 1;
        lastPosition = position;
        bytes += batch.sizeInBytes();
    }

    EpochHistory epochs() {
        return epochs;
    }

    ProducerState producers() {
        return producers;
    }

    /** Offset behind the last batch. */
    long endOffset() {
        return endOffset;
    }

    /** Position of the last batch in its segment, or {@link LogSnapshot#NOWHERE}. */
    int lastPosition() {
        return lastPosition;
    }

    /** Of all batches found. */
    long bytes() {
        return bytes;
    }
}

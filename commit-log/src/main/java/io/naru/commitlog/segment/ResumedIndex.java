package io.naru.commitlog.segment;

import java.io.IOException;

/**
 * The index of a segment that grows on from a place up to which it is known: what lies before is on the disk, opened or
 * built when first asked for; what lies behind is in memory. Safe for any number of threads, while one adds to the part
 * in memory.
 */
final class ResumedIndex implements SegmentIndex {
    private final StoredIndex head;
    private final SparseIndex tail;
    private final int boundary;
    private final long boundaryOffset;
    private final long boundaryTime;

    /**
     * Puts two parts together.
     *
     * @param upTo where the head ends, in bytes, relative offset and time
     */
    ResumedIndex(StoredIndex head, SparseIndex tail, IndexHeader upTo) {
        this.head = head;
        this.tail = tail;
        this.boundary = (int) upTo.logBytes();
        this.boundaryOffset = upTo.nextOffset() - upTo.baseOffset();
        this.boundaryTime = upTo.maxTimestamp();
    }

    /** Whether the whole of it can be had without reading batches, given how far the index on the disk reaches. */
    boolean isAtHand(long sealedBytes) {
        return sealedBytes >= boundary || head.isOpened();
    }

    /** The part in memory. */
    SparseIndex tail() {
        return tail;
    }

    /** Both parts in one, up to a position. */
    SparseIndex whole(long endPosition) throws IOException {
        SparseIndex whole = head.load();
        whole.addAll(tail, boundary, endPosition);
        return whole;
    }

    @Override
    public IndexEntry before(long relativeOffset) throws IOException {
        return relativeOffset < boundaryOffset
                ? head.before(relativeOffset)
                : IndexEntry.later(atBoundary(), tail.before(relativeOffset));
    }

    @Override
    public IndexEntry floor(long position) throws IOException {
        return position < boundary ? head.floor(position) : IndexEntry.later(atBoundary(), tail.floor(position));
    }

    @Override
    public IndexEntry beforeTime(long timestamp) throws IOException {
        return timestamp <= boundaryTime
                ? head.beforeTime(timestamp)
                : IndexEntry.later(atBoundary(), tail.beforeTime(timestamp));
    }

    @Override
    public boolean recheck() throws IOException {
        return head.recheck();
    }

    @Override
    public void close() throws IOException {
        head.close();
    }

    /** The batch that comes first behind what is on the disk, if there is any. */
    private IndexEntry atBoundary() {
        return new IndexEntry((int) boundaryOffset, boundary);
    }
}

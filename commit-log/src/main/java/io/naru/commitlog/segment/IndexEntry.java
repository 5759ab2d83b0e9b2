package io.naru.commitlog.segment;

/**
 * A batch of a segment that an index knows.
 *
 * @param relativeOffset of its first record, counted from the segment's base
 * @param position of the batch, in bytes
 */
record IndexEntry(int relativeOffset, int position) {
    /** The segment's beginning, which no index needs to name; the batch there need not hold the base offset. */
    static final IndexEntry START = new IndexEntry(0, 0);

    /** The later one of two. */
    static IndexEntry later(IndexEntry one, IndexEntry other) {
        return other.position() > one.position() ? other : one;
    }
}

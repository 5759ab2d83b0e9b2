package io.naru.commitlog.segment;

/**
 * How far a segment reaches, in bytes and in offsets, as one {@code long} that a single write publishes. Apart, a reader
 * could meet the size after an append with the offset before it, and hand out a batch that its limit forbids. Bytes
 * have the low 31 bits; the next offset, relative to the segment's base and at most 2<sup>31</sup>, the high 32.
 */
final class Extent {
    private Extent() {}

    static long of(int size, long relativeNextOffset) {
        return relativeNextOffset << Integer.SIZE | size;
    }

    static int size(long extent) {
        return (int) extent;
    }

    static long relativeNextOffset(long extent) {
        return extent >>> Integer.SIZE;
    }
}

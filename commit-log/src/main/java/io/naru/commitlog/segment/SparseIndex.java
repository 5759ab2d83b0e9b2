package io.naru.commitlog.segment;

import java.util.Arrays;

/**
 * The index of a segment that still grows, in memory: every so many bytes one entry, which says where a batch begins and
 * the largest timestamp before it. One thread adds while any others search, without locks.
 */
final class SparseIndex implements SegmentIndex {
    /** A log that is hardly written to must cost next to nothing. */
    private static final int FIRST_CAPACITY = 4;

    // Written by the appender only. Readers take the count first, and with it see everything written before it.
    private int[] relativeOffsets = {};
    private int[] positions = {};
    private long[] timestamps = {};
    private volatile int count;

    int count() {
        return count;
    }

    int relativeOffset(int entry) {
        return relativeOffsets[entry];
    }

    int position(int entry) {
        return positions[entry];
    }

    /** Largest timestamp of all batches before the entry's. */
    long timestamp(int entry) {
        return timestamps[entry];
    }

    /** Adds an entry behind all others. */
    void add(int relativeOffset, int position, long maxTimestampBefore) {
        int entry = count;
        if (entry == positions.length) {
            int capacity = Math.max(FIRST_CAPACITY, entry * 2);
            relativeOffsets = Arrays.copyOf(relativeOffsets, capacity);
            positions = Arrays.copyOf(positions, capacity);
            timestamps = Arrays.copyOf(timestamps, capacity);
        }
        relativeOffsets[entry] = relativeOffset;
        positions[entry] = position;
        timestamps[entry] = maxTimestampBefore;
        count = entry + 1;
    }

    /** Adds those of another index's entries that lie from one position on, before another. */
    void addAll(SparseIndex other, long startPosition, long endPosition) {
        int end = other.count;
        for (int entry = 0; entry < end; entry++) {
            int position = other.positions[entry];
            if (position >= startPosition && position < endPosition) {
                add(other.relativeOffsets[entry], position, other.timestamps[entry]);
            }
        }
    }

    @Override
    public IndexEntry before(long relativeOffset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (relativeOffsets[middle] <= relativeOffset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return entryBelow(low);
    }

    @Override
    public IndexEntry floor(long position) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions[middle] <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return entryBelow(low);
    }

    @Override
    public IndexEntry beforeTime(long timestamp) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (timestamps[middle] < timestamp) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return entryBelow(low);
    }

    private IndexEntry entryBelow(int rank) {
        return rank == 0 ? IndexEntry.START : new IndexEntry(relativeOffsets[rank - 1], positions[rank - 1]);
    }
}

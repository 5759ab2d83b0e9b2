package io.naru.commitlog.segment;

import java.util.Arrays;

/**
 * The index of a segment that still grows, in memory: every so many bytes one entry, which says where a batch begins and
 * the largest timestamp before it. One thread adds while any others search, without locks.
 */
final class SparseIndex implements SegmentIndex {
    private static final int FIRST_CAPACITY = 64;

    // Written by the appender only. Readers take the count first, and with it see everything written before it.
    private int[] relativeOffsets = new int[FIRST_CAPACITY];
    private int[] positions = new int[FIRST_CAPACITY];
    private long[] timestamps = new long[FIRST_CAPACITY];
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
            relativeOffsets = Arrays.copyOf(relativeOffsets, entry * 2);
            positions = Arrays.copyOf(positions, entry * 2);
            timestamps = Arrays.copyOf(timestamps, entry * 2);
        }
        relativeOffsets[entry] = relativeOffset;
        positions[entry] = position;
        timestamps[entry] = maxTimestampBefore;
        count = entry + 1;
    }

    @Override
    public int positionBefore(long relativeOffset) {
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
        return low == 0 ? 0 : positions[low - 1];
    }

    @Override
    public int floorPosition(long position) {
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
        return low == 0 ? 0 : positions[low - 1];
    }

    @Override
    public int positionBeforeTime(long timestamp) {
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
        return low == 0 ? 0 : positions[low - 1];
    }
}

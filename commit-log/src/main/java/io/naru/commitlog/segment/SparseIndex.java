package io.naru.commitlog.segment;

import java.util.Arrays;

/**
 * Every so many bytes of a segment, one entry: where a batch begins, and the largest timestamp before it. Grows at its
 * end by one thread while any others search, without locks: an entry is written before the count that includes it.
 */
final class SparseIndex {
    private static final int FIRST_CAPACITY = 64;

    // Written by the appender only; readers take the count first, and with it everything written before.
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

    /** Position of the last indexed batch that begins at or before {@code relativeOffset}; 0 if there is none. */
    int positionBefore(long relativeOffset) {
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

    /** The last indexed position at or before {@code position}; 0 if there is none. */
    int floorPosition(long position) {
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

    /** Position before which no batch has a record as late as {@code timestamp}. */
    int positionBeforeTime(long timestamp) {
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

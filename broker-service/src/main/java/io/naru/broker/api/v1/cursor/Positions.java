package io.naru.broker.api.v1.cursor;

import io.naru.broker.api.v1.record.ByteSink;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * A cursor that moves: the next offset of each partition, kept so that it can be written behind every record without
 * an object. Confined to one thread at a time.
 */
public final class Positions {
    private int[] partitions = new int[0];
    private long[] nextOffsets = new long[0];
    private int count;

    /** Begins where a cursor stands. */
    public Positions(Cursor start) {
        start.nextOffsets().forEach(this::set);
    }

    /** The next offset of a partition, -1 when it is not followed. */
    public long get(int partition) {
        int at = indexOf(partition);
        return at < 0 ? -1 : nextOffsets[at];
    }

    /** Moves a partition, or adds it. */
    public void set(int partition, long nextOffset) {
        int at = indexOf(partition);
        if (at < 0) {
            at = -at - 1;
            insert(at, partition);
        }
        nextOffsets[at] = nextOffset;
    }

    /** Writes the cursor's text form. */
    public void writeTo(ByteSink out) {
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeNumber(partitions[i]);
            out.write(':');
            out.writeNumber(nextOffsets[i]);
        }
    }

    /** Where it stands now. */
    public Cursor toCursor() {
        var pairs = new TreeMap<Integer, Long>();
        for (int i = 0; i < count; i++) {
            pairs.put(partitions[i], nextOffsets[i]);
        }
        return new Cursor(pairs);
    }

    private int indexOf(int partition) {
        return Arrays.binarySearch(partitions, 0, count, partition);
    }

    private void insert(int at, int partition) {
        if (count == partitions.length) {
            partitions = Arrays.copyOf(partitions, count * 2 + 1);
            nextOffsets = Arrays.copyOf(nextOffsets, count * 2 + 1);
        }
        System.arraycopy(partitions, at, partitions, at + 1, count - at);
        System.arraycopy(nextOffsets, at, nextOffsets, at + 1, count - at);
        partitions[at] = partition;
        count++;
    }
}

package io.naru.commitlog.batch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Memory that is reused from batch to batch and grows when one needs more. Not thread-safe. */
final class GrowableBytes {
    private static final int LEAST_GUESS = 1024;

    private byte[] array = new byte[0];
    private int length;

    byte[] array() {
        return array;
    }

    int capacity() {
        return array.length;
    }

    /** Bytes in use, from the start of the array. */
    int length() {
        return length;
    }

    void length(int newLength) {
        length = newLength;
    }

    /** Room to begin with for what is unpacked from {@code compressed} bytes and does not say how large it becomes. */
    static int firstGuess(int compressed, int most) {
        return (int) Math.min(Math.max(4L * compressed, LEAST_GUESS), most);
    }

    /**
     * Makes room for {@code more} bytes behind those in use, which stay. Grows by doubling at least, so that many small
     * steps do not copy again and again.
     *
     * @param most bytes that may be in use in the end; no room is made beyond them, and {@code more} stays within
     */
    void makeRoom(int more, int most) {
        long needed = (long) length + more;
        if (needed > array.length) {
            long wanted = Math.min(Math.max(needed, 2L * array.length), Math.max(most, needed));
            array = length == 0 ? new byte[(int) wanted] : Arrays.copyOf(array, (int) wanted);
        }
    }

    /** Adds a copy of a range of {@code from}. */
    void add(ByteBuffer from, int offset, int count) {
        makeRoom(count, length + count);
        from.get(offset, array, length, count);
        length += count;
    }

    /** Adds a copy of a range of {@code from}, within {@code most} bytes in all. */
    void add(byte[] from, int offset, int count, int most) {
        makeRoom(count, most);
        System.arraycopy(from, offset, array, length, count);
        length += count;
    }
}

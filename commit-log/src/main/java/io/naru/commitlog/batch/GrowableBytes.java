package io.naru.commitlog.batch;

import java.nio.ByteBuffer;

/** Memory that is reused from batch to batch and grows when one needs more. Not thread-safe. */
final class GrowableBytes {
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

    /** Makes room for at least {@code capacity} bytes; what was in here is lost. */
    void reserve(int capacity) {
        if (array.length < capacity) {
            array = new byte[capacity];
        }
    }

    /** Takes a copy of a range of {@code from}. */
    void copy(ByteBuffer from, int offset, int count) {
        reserve(count);
        from.get(offset, array, 0, count);
        length = count;
    }
}

package io.naru.broker.api.v1.record;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes in the making: grows as needed, is emptied and used again. Its owner bounds what goes in. Confined to one
 * thread at a time.
 */
public final class ByteSink extends OutputStream {
    private static final int LONGEST_NUMBER = 20;
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

    private final Room room;
    private final int usualCapacity;
    private byte[] bytes;
    private int size;

    /** An empty sink whose memory is not counted. */
    public ByteSink(int initialCapacity) {
        this(initialCapacity, Integer.MAX_VALUE, Room.UNCOUNTED);
    }

    /**
     * An empty sink. Where it finds no room to grow, the write that needs it fails with {@code OVERLOADED}; what was
     * in stays as it is, but for a part of that write.
     *
     * @param usualCapacity that is seldom exceeded; until then, growing stops there
     */
    public ByteSink(int initialCapacity, int usualCapacity, Room room) {
        room.take(initialCapacity);
        this.room = room;
        this.usualCapacity = usualCapacity;
        this.bytes = new byte[initialCapacity];
    }

    /** How many bytes are in. */
    public int size() {
        return size;
    }

    /** How many bytes fit before it grows. */
    public int capacity() {
        return bytes.length;
    }

    /** The bytes in the making, of which the first {@link #size} count. */
    public byte[] array() {
        return bytes;
    }

    /** Forgets all bytes from {@code newSize} on. */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    @Override
    public void write(int b) {
        reserve(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    @Override
    public void write(byte[] source) {
        write(source, 0, source.length);
    }

    /** Writes a number of at least 0 in decimal digits. */
    public void writeNumber(long number) {
        reserve(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        int end = size + digits;
        long rest = number;
        for (int at = end - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size = end;
    }

    /** Writes text as UTF-8. */
    public void writeText(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Copies bytes with each carriage return and line feed turned into a space, so that they stay on one line. */
    void writeOnOneLine(byte[] source, int offset, int length) {
        int from = size;
        write(source, offset, length);
        for (int at = from; at < size; at++) {
            if (bytes[at] == '\n' || bytes[at] == '\r') {
                bytes[at] = ' ';
            }
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            growTo((int) Math.min(LARGEST_ARRAY, Math.max(needed, nextCapacity())));
        }
    }

    private long nextCapacity() {
        long doubled = bytes.length * 2L;
        return bytes.length < usualCapacity ? Math.min(doubled, usualCapacity) : doubled;
    }

    /** While the bytes are copied, there are two arrays. */
    private void growTo(int capacity) {
        room.take(capacity);
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, capacity);
        room.giveBack(before);
    }
}

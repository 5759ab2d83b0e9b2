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

    private byte[] bytes;
    private int size;

    public ByteSink(int initialCapacity) {
        bytes = new byte[initialCapacity];
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
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, bytes.length * 2L)));
        }
    }
}

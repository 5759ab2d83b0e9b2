package io.naru.commitlog.batch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record on their way into a batch, kept in the encoding they will have there, so that {@link
 * RecordBatchBuilder} copies them in one go. Reusable with {@link #clear}; not thread-safe.
 *
 * <pre>
 * each header:  name length (varint) | name | value length (varint, -1 = null) | value
 * </pre>
 */
public final class RecordHeaders {
    /** No headers; cannot be added to. */
    public static final RecordHeaders NONE = new RecordHeaders(new byte[0]);

    private static final int LENGTHS_BYTES = 2 * 5;

    private byte[] encoded;
    private int size;
    private int count;

    /** No headers yet. */
    public RecordHeaders() {
        this(new byte[64]);
    }

    private RecordHeaders(byte[] encoded) {
        this.encoded = encoded;
    }

    /** Takes all headers out again and keeps the memory. */
    public void clear() {
        size = 0;
        count = 0;
    }

    /** How many headers there are. */
    public int count() {
        return count;
    }

    /** Bytes the headers take in a batch, without their count. */
    public int sizeInBytes() {
        return size;
    }

    /**
     * Adds one header; names may repeat and order is kept.
     *
     * @param name UTF-8, may be empty
     * @param valueLength -1 for a null value, whose array and offset are then not looked at
     */
    public void add(
            byte[] name, int nameOffset, int nameLength, byte @Nullable [] value, int valueOffset, int valueLength) {
        makeRoom(nameLength, valueLength);
        int at = Varint.write(nameLength, encoded, size);
        System.arraycopy(name, nameOffset, encoded, at, nameLength);
        at = Varint.write(valueLength, encoded, at + nameLength);
        if (value != null && valueLength > 0) {
            System.arraycopy(value, valueOffset, encoded, at, valueLength);
            at += valueLength;
        }
        size = at;
        count++;
    }

    /** Adds one header from whole arrays. */
    public void add(String name, byte @Nullable [] value) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        add(utf8, 0, utf8.length, value, 0, value == null ? -1 : value.length);
    }

    /** Copies the encoded headers; answers the position after them. */
    int copyTo(byte[] to, int at) {
        System.arraycopy(encoded, 0, to, at, size);
        return at + size;
    }

    private void makeRoom(int nameLength, int valueLength) {
        if (this == NONE) {
            throw new UnsupportedOperationException("RecordHeaders.NONE stays empty; make a new RecordHeaders");
        }
        if (nameLength < 0 || valueLength < -1) {
            throw new IllegalArgumentException(
                    "Header name length " + nameLength + " or value length " + valueLength + " is negative");
        }
        int needed = Math.addExact(size, Math.addExact(nameLength, Math.max(valueLength, 0)) + LENGTHS_BYTES);
        if (needed > encoded.length) {
            encoded = Arrays.copyOf(encoded, Math.max(needed, (int)
                    Math.min(2L * encoded.length, Integer.MAX_VALUE - 8)));
        }
    }
}

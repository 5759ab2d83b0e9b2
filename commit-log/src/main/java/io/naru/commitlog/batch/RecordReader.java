package io.naru.commitlog.batch;

/**
 * Reads the fields of records from a range of an array and never beyond it. Reusable; not thread-safe.
 *
 * <p>All methods throw {@link CorruptBatchException} where the range ends too early or a length makes no sense.
 */
final class RecordReader {
    private static final byte[] NOTHING = new byte[0];

    private byte[] array = NOTHING;
    private int limit;
    private int position;

    /** Goes to the beginning of another range. */
    void reset(byte[] newArray, int from, int length) {
        array = newArray;
        position = from;
        limit = from + length;
    }

    /** Has nothing to read until the next {@link #reset}. */
    void clear() {
        reset(NOTHING, 0, 0);
    }

    byte[] array() {
        return array;
    }

    int position() {
        return position;
    }

    /** Bytes not read yet. */
    int leftOver() {
        return limit - position;
    }

    byte readByte() {
        if (position >= limit) {
            throw tooShort();
        }
        return array[position++];
    }

    /** Where a range of {@code length} bytes from here ends. */
    int endOf(int length) {
        if (length < 0 || length > leftOver()) {
            throw new CorruptBatchException(
                    "A record says it has " + length + " bytes; its batch has " + leftOver() + " left");
        }
        return position + length;
    }

    /** Steps over {@code length} bytes (none where it is -1 and -1 is allowed); answers where they begin. */
    int skip(int length, int least) {
        if (length < least || length > leftOver()) {
            throw new CorruptBatchException(
                    "A field of a record says it has " + length + " bytes; its batch has " + leftOver() + " left");
        }
        int from = position;
        position += Math.max(length, 0);
        return from;
    }

    int readInt() {
        int raw = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            byte next = readByte();
            raw |= (next & 0x7F) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new CorruptBatchException("A variable-length int of a record runs over 5 bytes");
    }

    long readLong() {
        long raw = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = readByte();
            raw |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new CorruptBatchException("A variable-length long of a record runs over 10 bytes");
    }

    private static CorruptBatchException tooShort() {
        return new CorruptBatchException("The batch ends within a record");
    }
}

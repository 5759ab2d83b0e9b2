package io.naru.commitlog.batch;

/**
 * Reads the fields of records from a range of an array and never beyond it. Not thread-safe.
 *
 * <p>All methods throw {@link CorruptBatchException} where the range ends too early or a length makes no sense.
 */
final class RecordReader {
    static final RecordReader EMPTY = new RecordReader(new byte[0], 0, 0);

    private final byte[] array;
    private final int limit;
    private int position;

    RecordReader(byte[] array, int from, int limit) {
        this.array = array;
        this.position = from;
        this.limit = limit;
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
            throw short_();
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

    private static CorruptBatchException short_() {
        return new CorruptBatchException("The batch ends within a record");
    }
}

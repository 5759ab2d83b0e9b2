package io.naru.commitlog.batch;

/**
 * Zigzag variable-length integers as in Protocol Buffers' {@code sint32}/{@code sint64}: seven bits a byte, least
 * significant first, the high bit says that another byte follows. An int takes 1 to 5 bytes, a long 1 to 10.
 */
final class Varint {
    private Varint() {}

    /** Bytes that {@code value} takes, 1 to 5. */
    static int sizeOf(int value) {
        int bits = 32 - Integer.numberOfLeadingZeros(((value << 1) ^ (value >> 31)) | 1);
        return (bits + 6) / 7;
    }

    /** Bytes that {@code value} takes, 1 to 10. */
    static int sizeOf(long value) {
        int bits = 64 - Long.numberOfLeadingZeros(((value << 1) ^ (value >> 63)) | 1);
        return (bits + 6) / 7;
    }

    /** Writes {@code value} at {@code at}, where there is room; answers the position after it. */
    static int write(int value, byte[] to, int at) {
        int rest = (value << 1) ^ (value >> 31);
        int next = at;
        while ((rest & ~0x7F) != 0) {
            to[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[next++] = (byte) rest;
        return next;
    }

    /** Writes {@code value} at {@code at}, where there is room; answers the position after it. */
    static int write(long value, byte[] to, int at) {
        long rest = (value << 1) ^ (value >> 63);
        int next = at;
        while ((rest & ~0x7FL) != 0) {
            to[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[next++] = (byte) rest;
        return next;
    }
}

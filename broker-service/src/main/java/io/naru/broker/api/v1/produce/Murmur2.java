package io.naru.broker.api.v1.produce;

/**
 * The hash by which Kafka's clients choose a partition for a key: 32-bit MurmurHash2 (Austin Appleby, public domain)
 * with the seed 0x9747b28c. Equal keys land in equal partitions whichever client wrote them.
 */
final class Murmur2 {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private Murmur2() {}

    /** The partition, below {@code partitions}, of the key that lies in {@code bytes}. */
    static int partition(byte[] bytes, int offset, int length, int partitions) {
        return (hash(bytes, offset, length) & 0x7fffffff) % partitions;
    }

    static int hash(byte[] bytes, int offset, int length) {
        int hash = SEED ^ length;
        int wholeWords = offset + (length & ~3);
        for (int i = offset; i < wholeWords; i += 4) {
            int word = (bytes[i] & 0xff)
                    | (bytes[i + 1] & 0xff) << 8
                    | (bytes[i + 2] & 0xff) << 16
                    | (bytes[i + 3] & 0xff) << 24;
            word *= MULTIPLIER;
            word ^= word >>> SHIFT;
            word *= MULTIPLIER;
            hash = (hash * MULTIPLIER) ^ word;
        }
        int rest = length & 3;
        if (rest > 0) {
            int tail = 0;
            for (int i = rest - 1; i >= 0; i--) {
                tail = (tail << 8) | (bytes[wholeWords + i] & 0xff);
            }
            hash = (hash ^ tail) * MULTIPLIER;
        }
        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}

package io.naru.commitlog.batch;

import java.nio.ByteBuffer;

/**
 * A producer that writes one batch and no other, made from a hash of whatever makes that batch unmistakable; two batches
 * with the same identity are the same. It stands in the three fields a batch header has for its producer, so that the log
 * carries it wherever the batch goes. Kafka's tools take a negative producer id for none.
 *
 * <pre>
 * id        bit 63 set, bit 62 clear, 62 bits of the hash
 * epoch     16 bits of the hash
 * sequence  bit 31 clear, 31 bits of the hash
 * </pre>
 *
 * 109 bits of the hash in all: among 100,000 identities the chance that any two meet is below 10⁻²³.
 */
public record ReservedIdentity(long id, short epoch, int sequence) {
    /** Bytes of a hash that are made use of. */
    public static final int HASH_BYTES = Long.BYTES + Short.BYTES + Integer.BYTES;

    private static final long ID_MASK = (1L << 62) - 1;

    public ReservedIdentity {
        if (!isReserved(id)) {
            throw new IllegalArgumentException("The producer id " + id + " is not reserved");
        }
    }

    /** The identity that the first {@link #HASH_BYTES} bytes of a hash make. */
    public static ReservedIdentity of(byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        return new ReservedIdentity(
                Long.MIN_VALUE | (bytes.getLong() & ID_MASK), bytes.getShort(), bytes.getInt() & Integer.MAX_VALUE);
    }

    /** Whether a batch header's producer id is of this kind. */
    public static boolean isReserved(long producerId) {
        return producerId < RecordBatch.NONE;
    }
}

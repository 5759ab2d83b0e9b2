package io.naru.broker.api.v1.produce;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.batch.ReservedIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What a caller names a request by, so that sending it again does not store it again. Each batch of the request gets an
 * identity made from the key, which its partition knows again. Immutable.
 */
final class IdempotencyKey {
    static final String HEADER = "Idempotency-Key";
    static final int MAX_CHARACTERS = 255;

    /** Keeps identities made in this way apart from those that may be made in others some day. */
    private static final byte[] METHOD = "naru idempotency-key 1\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;

    private IdempotencyKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The key of a request; null if it has none.
     *
     * @throws NaruException {@code INVALID_REQUEST} for one that is empty, too long, or one of several
     */
    static @Nullable IdempotencyKey of(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(HEADER);
        if (values.isEmpty()) {
            return null;
        }
        String key = values.getFirst();
        if (values.size() > 1 || key.isEmpty() || key.length() > MAX_CHARACTERS) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST,
                    "The header %s is given once and has 1 to %d characters; this request has %s."
                            .formatted(
                                    HEADER,
                                    MAX_CHARACTERS,
                                    values.size() > 1 ? values.size() + " of them" : key.length() + " characters"));
        }
        // HTTP gives header bytes as Latin-1; so come the client's own bytes out again.
        return new IdempotencyKey(key.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Refuses a key where it could not do what it promises.
     *
     * @throws NaruException {@code INVALID_REQUEST}
     */
    static void requireNone(HttpHeaders headers) {
        if (headers.containsHeader(HEADER)) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST,
                    "The header " + HEADER + " has no effect on a stream of lines; leave it out, or send the records as"
                            + " JSON.");
        }
    }

    /** Where records without a key of their own go: always to the same partition, for only that knows them again. */
    int partition(int partitions) {
        return Murmur2.partition(bytes, 0, bytes.length, partitions);
    }

    /**
     * The identity of one of the batches that a request makes for one partition. It changes with the number of the
     * topic's partitions, since records may go elsewhere then.
     *
     * @param number of the batch among those for its partition, from 0
     */
    ReservedIdentity identity(int partitions, int number) {
        MessageDigest hash = sha256();
        hash.update(METHOD);
        hash.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(partitions)
                .putInt(number)
                .flip());
        return ReservedIdentity.of(hash.digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}

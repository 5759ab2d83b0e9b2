package io.naru.commitlog.compaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits of output, under a secret key (Aumasson and Bernstein, 2012; the reference implementation's
 * variant for 16 bytes). Whoever does not know the key cannot make two inputs meet, and chance makes two of 2³² keys meet
 * once in 2⁶⁵ cases: so equal hashes stand for equal keys. No allocation. Not thread-safe.
 */
final class KeyHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FINAL_ROUNDS = 4;

    private final long key0;
    private final long key1;

    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long low;
    private long high;

    KeyHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** A hash under a key that nobody knows. */
    static KeyHash withSecretKey() {
        SecureRandom random = new SecureRandom();
        return new KeyHash(random.nextLong(), random.nextLong());
    }

    /** Hashes a range; the result is in {@link #low} and {@link #high} until the next call. */
    void hash(byte[] bytes, int offset, int length) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        int whole = offset + (length & -Long.BYTES);
        for (int at = offset; at < whole; at += Long.BYTES) {
            mix((long) LONG.get(bytes, at));
        }
        long last = (long) length << 56;
        for (int i = length & 7; i > 0; i--) {
            last |= (bytes[whole + i - 1] & 0xFFL) << (8 * (i - 1));
        }
        mix(last);
        v2 ^= 0xee;
        finish();
        low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        finish();
        high = v0 ^ v1 ^ v2 ^ v3;
    }

    /** The first eight bytes of the hash, as a little-endian number. */
    long low() {
        return low;
    }

    /** The other eight. */
    long high() {
        return high;
    }

    private void mix(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void finish() {
        for (int i = 0; i < FINAL_ROUNDS; i++) {
            round();
        }
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}

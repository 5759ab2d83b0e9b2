package io.naru.broker.api.v1.produce;

import io.naru.commitlog.batch.RecordHeaders;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way from a body into a batch: where its parts lie. Filled anew for each record; nothing in it is
 * kept. Not thread-safe.
 */
public final class RecordSlot {
    static final int ABSENT = -1;
    private static final byte[] NOTHING = new byte[0];

    /** The partition that was asked for, or {@link #ABSENT}. */
    int partition;

    /** Epoch ms, or {@link #ABSENT}. */
    long timestamp;

    byte[] key = NOTHING;
    int keyOffset;

    /** {@link #ABSENT} for a record without a key. */
    int keyLength;

    byte[] value = NOTHING;
    int valueOffset;

    /** {@link #ABSENT} for a tombstone. */
    int valueLength;

    final RecordHeaders headers = new RecordHeaders();

    /** An empty tombstone. */
    public RecordSlot() {
        clear();
    }

    /** Makes it an empty tombstone again. */
    public void clear() {
        partition = ABSENT;
        timestamp = ABSENT;
        keyLength = ABSENT;
        valueLength = ABSENT;
        headers.clear();
    }

    /** Says where the key lies; the bytes are not copied. */
    public void key(byte[] bytes, int offset, int length) {
        key = bytes;
        keyOffset = offset;
        keyLength = length;
    }

    /** Says where the value lies; the bytes are not copied. */
    public void value(byte[] bytes, int offset, int length) {
        value = bytes;
        valueOffset = offset;
        valueLength = length;
    }

    /** The key's bytes where they lie; null without a key. */
    public @Nullable ByteBuffer key() {
        return keyLength < 0 ? null : ByteBuffer.wrap(key, keyOffset, keyLength);
    }

    /** The value's bytes where they lie; null for a tombstone. */
    public @Nullable ByteBuffer value() {
        return valueLength < 0 ? null : ByteBuffer.wrap(value, valueOffset, valueLength);
    }
}

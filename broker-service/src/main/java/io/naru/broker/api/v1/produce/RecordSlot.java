package io.naru.broker.api.v1.produce;

import io.naru.commitlog.batch.RecordHeaders;

/**
 * One record on its way from a body into a batch: where its parts lie. Filled anew for each record; nothing in it is
 * kept. Not thread-safe.
 */
final class RecordSlot {
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
    RecordSlot() {
        clear();
    }

    void clear() {
        partition = ABSENT;
        timestamp = ABSENT;
        keyLength = ABSENT;
        valueLength = ABSENT;
        headers.clear();
    }

    void key(byte[] bytes, int offset, int length) {
        key = bytes;
        keyOffset = offset;
        keyLength = length;
    }

    void value(byte[] bytes, int offset, int length) {
        value = bytes;
        valueOffset = offset;
        valueLength = length;
    }
}

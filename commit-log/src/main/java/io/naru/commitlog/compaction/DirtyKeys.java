package io.naru.commitlog.compaction;

import io.naru.commitlog.batch.RecordWalk;

/** The latest record of each key between two offsets. Not thread-safe. */
public final class DirtyKeys {
    private final KeyHash hash = KeyHash.withSecretKey();
    private final KeyOffsets offsets;
    private long endOffset;

    DirtyKeys(long places, long firstOffset) {
        this.offsets = new KeyOffsets(places, firstOffset);
        this.endOffset = firstOffset;
    }

    /** Offset behind the last record that was looked at: from there on nothing is known. */
    public long endOffset() {
        return endOffset;
    }

    /** Different keys found. */
    public int count() {
        return offsets.count();
    }

    /** Everything up to there has been looked at. */
    void reached(long offset) {
        endOffset = offset;
    }

    /** Takes note of a record; false if there is no room for another key. */
    boolean add(RecordWalk record) {
        if (record.hasKey()) {
            hash.hash(record.array(), record.keyOffset(), record.keyLength());
            if (!offsets.put(hash.low(), hash.high(), record.offset())) {
                return false;
            }
        }
        return true;
    }

    /** Whether a later record has the same key. */
    boolean isOutdated(RecordWalk record) {
        hash.hash(record.array(), record.keyOffset(), record.keyLength());
        return offsets.latest(hash.low(), hash.high()) > record.offset();
    }
}

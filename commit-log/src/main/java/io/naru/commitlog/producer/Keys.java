package io.naru.commitlog.producer;

import io.naru.commitlog.batch.RecordBatch;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The reserved identities of batches that were appended lately, in the order of appending: a ring of arrays, found
 * through a hash table of places in it. About 60 bytes an identity, nothing while there are none. One thread at a time.
 *
 * <pre>
 * entry:  id (i64) | epoch (i16) | sequence (i32) | records (i32) | base offset (i64) | largest timestamp (i64)
 *         | appended, ms (i64, -1 unknown)
 * </pre>
 */
final class Keys {
    static final int ENTRY_BYTES = 42;

    private static final int FIRST_CAPACITY = 16;
    /** The ring is made smaller when fewer than one place in so many is taken. */
    private static final int SPARSE = 8;

    private final ProducerLimits limits;
    /** Odd and secret, so that nobody can choose identities that meet in one place of the table. */
    private final long seed = ThreadLocalRandom.current().nextLong() | 1;

    private Ring ring = new Ring(0);
    private int head;
    private int count;
    private int[] table = new int[0];

    Keys(ProducerLimits limits) {
        this.limits = limits;
    }

    /** The entries' fields, each in an array of its own; the table holds places in them, plus 1. */
    private static final class Ring {
        private final long[] ids;
        private final long[] rests;
        private final int[] records;
        private final long[] baseOffsets;
        private final long[] timestamps;
        private final long[] appendedMillis;

        Ring(int capacity) {
            ids = new long[capacity];
            rests = new long[capacity];
            records = new int[capacity];
            baseOffsets = new long[capacity];
            timestamps = new long[capacity];
            appendedMillis = new long[capacity];
        }

        int capacity() {
            return ids.length;
        }

        void copyTo(Ring to, int from, int at) {
            to.ids[at] = ids[from];
            to.rests[at] = rests[from];
            to.records[at] = records[from];
            to.baseOffsets[at] = baseOffsets[from];
            to.timestamps[at] = timestamps[from];
            to.appendedMillis[at] = appendedMillis[from];
        }
    }

    int count() {
        return count;
    }

    Verdict check(RecordBatch batch) {
        int place = find(batch.producerId(), restOf(batch.producerEpoch(), batch.baseSequence()));
        if (place >= 0) {
            long base = ring.baseOffsets[place];
            return new Verdict.Duplicate(base, base + ring.records[place] - 1, ring.timestamps[place]);
        }
        return count < limits.maxKeys() ? Verdict.APPEND : new Verdict.TooManyKeys(limits.maxKeys());
    }

    LongStream baseOffsets() {
        return IntStream.range(0, count).mapToLong(number -> ring.baseOffsets[placeOf(number)]);
    }

    void appended(RecordBatch batch, long nowMillis) {
        add(
                batch.producerId(),
                restOf(batch.producerEpoch(), batch.baseSequence()),
                batch.lastOffsetDelta() + 1,
                batch.baseOffset(),
                batch.maxTimestamp(),
                nowMillis);
    }

    /** Counts the age of those from now on of which nobody saw when they were appended. */
    void seen(long nowMillis) {
        for (int i = 0; i < count; i++) {
            int place = placeOf(i);
            if (ring.appendedMillis[place] == ProducerState.UNKNOWN) {
                ring.appendedMillis[place] = nowMillis;
            }
        }
    }

    void expire(long nowMillis) {
        int before = count;
        while (count > 0 && nowMillis - ring.appendedMillis[head] > limits.keyExpirationMillis()) {
            removeOldest();
        }
        if (count < before && ring.capacity() > FIRST_CAPACITY && count < ring.capacity() / SPARSE) {
            resize(Math.max(FIRST_CAPACITY, Integer.highestOneBit(count * 2 + 1)));
        }
    }

    int sizeInBytes() {
        return count * ENTRY_BYTES;
    }

    void writeTo(ByteBuffer to) {
        for (int i = 0; i < count; i++) {
            int place = placeOf(i);
            long rest = ring.rests[place];
            to.putLong(ring.ids[place])
                    .putShort((short) (rest >>> Integer.SIZE))
                    .putInt((int) rest);
            to.putInt(ring.records[place]).putLong(ring.baseOffsets[place]);
            to.putLong(ring.timestamps[place]).putLong(ring.appendedMillis[place]);
        }
    }

    void readFrom(ByteBuffer from, int entries) {
        for (int i = 0; i < entries; i++) {
            add(
                    from.getLong(),
                    restOf(from.getShort(), from.getInt()),
                    from.getInt(),
                    from.getLong(),
                    from.getLong(),
                    from.getLong());
        }
    }

    /** The newest always has its place, also where a log holds more than there is room for. */
    private void add(long id, long rest, int records, long baseOffset, long timestamp, long appendedMillis) {
        int known = find(id, rest);
        if (known >= 0) {
            // It had been forgotten and was used again: what counts is the last time.
            put(known, records, baseOffset, timestamp, appendedMillis);
            return;
        }
        while (count >= limits.maxKeys()) {
            removeOldest();
        }
        if (count == ring.capacity()) {
            resize(Math.max(FIRST_CAPACITY, ring.capacity() * 2));
        }
        int place = placeOf(count);
        ring.ids[place] = id;
        ring.rests[place] = rest;
        put(place, records, baseOffset, timestamp, appendedMillis);
        count++;
        enter(place);
    }

    private void put(int place, int records, long baseOffset, long timestamp, long appendedMillis) {
        ring.records[place] = records;
        ring.baseOffsets[place] = baseOffset;
        ring.timestamps[place] = timestamp;
        ring.appendedMillis[place] = appendedMillis;
    }

    private void removeOldest() {
        int hole = home(head);
        while (table[hole] != head + 1) {
            hole = next(hole);
        }
        // Whoever stands behind and could stand in the hole moves up, so that no search ends before its goal.
        for (int at = next(hole); table[at] != 0; at = next(at)) {
            int wanted = home(table[at] - 1);
            if (((at - wanted) & (table.length - 1)) >= ((at - hole) & (table.length - 1))) {
                table[hole] = table[at];
                hole = at;
            }
        }
        table[hole] = 0;
        head = (head + 1) & (ring.capacity() - 1);
        count--;
    }

    private void resize(int capacity) {
        Ring resized = new Ring(capacity);
        for (int i = 0; i < count; i++) {
            ring.copyTo(resized, placeOf(i), i);
        }
        ring = resized;
        head = 0;
        table = new int[capacity * 2];
        for (int place = 0; place < count; place++) {
            enter(place);
        }
    }

    private void enter(int place) {
        int at = home(place);
        while (table[at] != 0) {
            at = next(at);
        }
        table[at] = place + 1;
    }

    private int find(long id, long rest) {
        if (count == 0) {
            return -1;
        }
        for (int at = home(id, rest); table[at] != 0; at = next(at)) {
            int place = table[at] - 1;
            if (ring.ids[place] == id && ring.rests[place] == rest) {
                return place;
            }
        }
        return -1;
    }

    private int placeOf(int number) {
        return (head + number) & (ring.capacity() - 1);
    }

    private int home(int place) {
        return home(ring.ids[place], ring.rests[place]);
    }

    private int home(long id, long rest) {
        long mixed = (id ^ Long.rotateLeft(rest, 17)) * seed;
        return (int) (mixed >>> Integer.SIZE) & (table.length - 1);
    }

    private int next(int at) {
        return (at + 1) & (table.length - 1);
    }

    private static long restOf(short epoch, int sequence) {
        return ((epoch & 0xFFFFL) << Integer.SIZE) | (sequence & 0xFFFFFFFFL);
    }
}

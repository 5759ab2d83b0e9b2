package io.naru.commitlog.compaction;

/**
 * Where the latest record of each key is: a hash table without objects in two arrays, 20 bytes a place, found by the
 * first bits of the key's hash and then place by place. It never grows beyond the places it was made with, of which it
 * fills nine in ten. Not thread-safe.
 */
final class KeyOffsets {
    /** Bytes of one place. */
    static final int PLACE_BYTES = 2 * Long.BYTES + Integer.BYTES;
    /** Offsets it can tell apart, from the first on. */
    static final long MAX_SPAN = Integer.MAX_VALUE;

    private static final int FILLED = 9;
    private static final int OF = 10;
    private static final int LEAST_PLACES = 16;

    private final long[] hashes;
    /** Offset less the first, plus one; 0 where nothing is. */
    private final int[] relative;

    private final int most;
    private final long firstOffset;
    private int count;

    /**
     * An empty table.
     *
     * @param places there is room for, whatever is asked for between 16 and as many as arrays can have
     * @param firstOffset no record lies before
     */
    KeyOffsets(long places, long firstOffset) {
        int capacity = Math.clamp(places, LEAST_PLACES, Integer.MAX_VALUE / 2 - 8);
        this.hashes = new long[capacity * 2];
        this.relative = new int[capacity];
        this.most = (int) ((long) capacity * FILLED / OF);
        this.firstOffset = firstOffset;
    }

    /** Places that so many keys need. */
    static long placesFor(long keys) {
        return keys * OF / FILLED + LEAST_PLACES;
    }

    /** Keys in it. */
    int count() {
        return count;
    }

    /**
     * Notes the record at {@code offset}, which lies behind all noted before, as the latest of its key.
     *
     * @return false, and nothing is noted, if there is no room for one more key, or the offset is too far from the first
     */
    boolean put(long low, long high, long offset) {
        long distance = offset - firstOffset;
        if (distance >= MAX_SPAN) {
            return false;
        }
        int place = find(low, high);
        if (relative[place] == 0) {
            if (count == most) {
                return false;
            }
            hashes[2 * place] = low;
            hashes[2 * place + 1] = high;
            count++;
        }
        relative[place] = (int) distance + 1;
        return true;
    }

    /** Offset of the latest record of a key; -1 if none was noted. */
    long latest(long low, long high) {
        int found = relative[find(low, high)];
        return found == 0 ? -1 : firstOffset + found - 1;
    }

    private int find(long low, long high) {
        int capacity = relative.length;
        // The upper half of a product spreads over any number of places as evenly as the hash does.
        int place = (int) Math.unsignedMultiplyHigh(low, capacity);
        while (relative[place] != 0 && (hashes[2 * place] != low || hashes[2 * place + 1] != high)) {
            place++;
            if (place == capacity) {
                place = 0;
            }
        }
        return place;
    }
}

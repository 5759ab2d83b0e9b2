package io.naru.broker.api.v1.produce;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names in one JSON object, to tell when one comes again. Keeps where they lie, not the names; their bytes must stay
 * as they are meanwhile. Reusable, not thread-safe; allocates nothing for a few names, and for many takes a time that
 * hostile ones cannot make quadratic.
 */
final class SeenNames {
    private static final int FEW = 16;

    private final int[] offsets = new int[FEW];
    private final int[] lengths = new int[FEW];
    private @Nullable Set<ByteBuffer> many;
    private int count;

    /** Forgets all. */
    void clear() {
        count = 0;
        // Dropped, not cleared: a set that was large once would be slow to clear for ever.
        many = null;
    }

    /** Takes a name; false if it was taken before. */
    boolean add(byte[] text, int offset, int length) {
        for (int i = 0; i < count; i++) {
            if (Arrays.equals(text, offsets[i], offsets[i] + lengths[i], text, offset, offset + length)) {
                return false;
            }
        }
        if (count < FEW) {
            offsets[count] = offset;
            lengths[count] = length;
            count++;
            return true;
        }
        if (many == null) {
            many = new HashSet<>();
        }
        return many.add(ByteBuffer.wrap(text, offset, length));
    }
}

package io.naru.broker.api.v1.cursor;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader stands in a topic: for each partition the offset of the record it reads next. Its text form is
 * {@code partition:next_offset} pairs in ascending order, for instance {@code 0:43,1:17}. An immutable value.
 *
 * @param nextOffsets from partition number to the next offset, both at least 0
 */
public record Cursor(SortedMap<Integer, Long> nextOffsets) {
    /** A cursor that says nothing of any partition: all of them from their earliest record. */
    public static final Cursor EARLIEST = new Cursor(new TreeMap<>());

    /** Longest text that is read, in characters: room for some thousand partitions. */
    public static final int MAX_LENGTH = 64 * 1024;

    public Cursor {
        nextOffsets = Collections.unmodifiableSortedMap(new TreeMap<>(nextOffsets));
    }

    /**
     * Reads the text form, raw or with {@code :} and {@code ,} percent-encoded. Pairs may come in any order.
     *
     * @throws io.naru.cluster.NaruException {@code INVALID_CURSOR}, telling what is wrong and where
     */
    public static Cursor parse(String text) {
        return new CursorParser(text).parse();
    }

    /** The offset this cursor gives for a partition, or null when it has none, which means earliest. */
    public @Nullable Long nextOffset(int partition) {
        return nextOffsets.get(partition);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (Map.Entry<Integer, Long> pair : nextOffsets.entrySet()) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(pair.getKey())
                    .append(':')
                    .append(pair.getValue());
        }
        return text.toString();
    }
}

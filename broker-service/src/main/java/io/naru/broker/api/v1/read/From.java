package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.cursor.Cursor;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where in a topic a reader begins. */
public sealed interface From {
    /** At the first record there is. */
    record Earliest() implements From {}

    /** Behind the last record that is acknowledged now. */
    record Latest() implements From {}

    /** Where a cursor stands; partitions it lacks from their earliest record. */
    record At(Cursor cursor) implements From {}

    /**
     * Reads {@code earliest}, {@code latest} or a cursor.
     *
     * @throws NaruException {@code INVALID_CURSOR}
     */
    static From parse(String text) {
        return switch (text) {
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> new At(Cursor.parse(text));
        };
    }

    /**
     * A cursor that names each of these partitions, at the offset to begin with; those of a given cursor that lie
     * outside the selection are carried along. An offset below the log start is left as it is: what is missing is for
     * the reader to notice.
     *
     * @param topicPartitions how many partitions the topic has
     * @throws NaruException {@code INVALID_CURSOR} when the cursor names a partition the topic does not have; {@code
     *     OFFSET_ABOVE_LOG_END}
     */
    default Cursor resolve(List<Partition> chosen, int topicPartitions) {
        var start = new TreeMap<Integer, Long>();
        if (this instanceof At(Cursor cursor)) {
            requireOfTopic(cursor, topicPartitions);
            start.putAll(cursor.nextOffsets());
        }
        for (Partition partition : chosen) {
            start.put(partition.number(), offsetIn(partition));
        }
        return new Cursor(start);
    }

    private long offsetIn(Partition partition) {
        return switch (this) {
            case Earliest() -> partition.logStartOffset();
            case Latest() -> partition.highWatermark();
            case At(Cursor cursor) -> {
                Long given = cursor.nextOffset(partition.number());
                if (given == null) {
                    yield partition.logStartOffset();
                }
                if (given > partition.logEndOffset()) {
                    throw aboveEnd(partition, given);
                }
                yield given;
            }
        };
    }

    private static void requireOfTopic(Cursor cursor, int topicPartitions) {
        if (!cursor.nextOffsets().isEmpty() && cursor.nextOffsets().lastKey() >= topicPartitions) {
            throw new NaruException(
                    ErrorCode.INVALID_CURSOR,
                    "The cursor names partition %d, and the topic has %d, numbered from 0. Is it a cursor of another topic?"
                            .formatted(cursor.nextOffsets().lastKey(), topicPartitions));
        }
    }

    private static NaruException aboveEnd(Partition partition, long given) {
        return new NaruException(
                ErrorCode.OFFSET_ABOVE_LOG_END,
                "The cursor stands at offset %d of partition %d of topic '%s', which ends at %d. Was the topic deleted and created again? Start with 'earliest' or 'latest'."
                        .formatted(given, partition.number(), partition.topic(), partition.logEndOffset()),
                factsOf(partition));
    }

    /** What programs are told of a partition that cannot be read where they wanted. */
    static Map<String, Object> factsOf(Partition partition) {
        return Map.of(
                "partition",
                partition.number(),
                "log_start_offset",
                partition.logStartOffset(),
                "high_watermark",
                partition.highWatermark());
    }
}

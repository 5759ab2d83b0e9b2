package io.naru.broker.api.v1.topics;

import io.naru.broker.api.web.Parameters;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order of topics: by one property, and by name among equals.
 *
 * @param word how callers name it
 */
record TopicSort(String word, Key key, boolean descending) {
    /** What the {@code sort} parameter takes. */
    static final String CHOICES = "name, partitions, bytes or record_count, with a '-' before it for the reverse order";

    private static final Map<String, TopicSort> ALL = Map.of(
            "name", new TopicSort("name", Key.NAME, false),
            "-name", new TopicSort("-name", Key.NAME, true),
            "partitions", new TopicSort("partitions", Key.PARTITIONS, false),
            "-partitions", new TopicSort("-partitions", Key.PARTITIONS, true),
            "bytes", new TopicSort("bytes", Key.BYTES, false),
            "-bytes", new TopicSort("-bytes", Key.BYTES, true),
            "record_count", new TopicSort("record_count", Key.RECORD_COUNT, false),
            "-record_count", new TopicSort("-record_count", Key.RECORD_COUNT, true));

    /** What topics are ordered by. */
    enum Key {
        NAME,
        PARTITIONS,
        BYTES,
        RECORD_COUNT
    }

    /** A place in the order; two topics never share one, because names differ. */
    record Place(long number, String name) {}

    static TopicSort of(@Nullable String parameter) {
        return Parameters.choice("sort", parameter, Objects.requireNonNull(ALL.get("name")), ALL);
    }

    Place placeOf(TopicSummary topic) {
        long number = switch (key) {
            case NAME -> 0;
            case PARTITIONS -> topic.partitions();
            case BYTES -> Objects.requireNonNullElse(topic.bytes(), -1L);
            case RECORD_COUNT -> Objects.requireNonNullElse(topic.recordCount(), -1L);
        };
        return new Place(number, topic.name());
    }

    Comparator<Place> order() {
        Comparator<Place> byName = Comparator.comparing(Place::name);
        if (key == Key.NAME) {
            return descending ? byName.reversed() : byName;
        }
        Comparator<Place> byNumber = Comparator.comparingLong(Place::number);
        return (descending ? byNumber.reversed() : byNumber).thenComparing(byName);
    }
}

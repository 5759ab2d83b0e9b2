package io.naru.cluster;

import java.util.UUID;

/**
 * The 128-bit identity of one life of a topic: a topic that is deleted and created again under the same name gets
 * another id, so that nothing of the old one is taken for the new one's.
 */
public record TopicId(UUID value) implements Comparable<TopicId> {
    /** Parses the text form that {@link #toString()} gives. */
    public static TopicId parse(String text) {
        return new TopicId(UUID.fromString(text));
    }

    @Override
    public int compareTo(TopicId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

package io.naru.cluster;

import java.util.UUID;

/**
 * The 128-bit identity of one life of a topic: a topic that is deleted and created again under the same name gets
 * another id, so that nothing of the old one is taken for the new one's.
 */
public record TopicId(UUID value) implements Comparable<TopicId> {
    /**
     * Parses the text form that {@link #toString()} gives. JSON readers find this by its name, so that an id may stand
     * in JSON as plain text.
     */
    public static TopicId fromString(String text) {
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

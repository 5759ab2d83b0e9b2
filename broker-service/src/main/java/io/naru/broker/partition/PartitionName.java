package io.naru.broker.partition;

import io.naru.cluster.TopicId;

/**
 * Which partition: the topic's name for people, its id so that a namesake is another partition.
 *
 * @param number within the topic, from 0
 */
record PartitionName(String topic, TopicId topicId, int number) {
    /** As users write it, for instance {@code orders/3}. */
    @Override
    public String toString() {
        return topic + "/" + number;
    }
}

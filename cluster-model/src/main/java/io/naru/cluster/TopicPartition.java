package io.naru.cluster;

/** One partition of one life of a topic. */
public record TopicPartition(TopicId topicId, int partition) implements Comparable<TopicPartition> {
    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topicId.compareTo(other.topicId);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return topicId + "/" + partition;
    }
}

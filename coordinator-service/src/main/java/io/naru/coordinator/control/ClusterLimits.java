package io.naru.coordinator.control;

/**
 * Bounds of what the cluster may grow to. Lowering one below what exists stops growth and takes nothing away.
 *
 * @param brokers registered broker ids
 * @param topics topics
 * @param partitionsPerTopic partitions of one topic
 * @param partitions partitions of all topics together
 * @param replicationFactor replicas of a partition; 1 until brokers replicate
 */
public record ClusterLimits(int brokers, int topics, int partitionsPerTopic, int partitions, int replicationFactor) {
    /** What holds where nothing else is configured. */
    public static final ClusterLimits DEFAULTS = new ClusterLimits(1_000, 10_000, 1_000, 100_000, 1);
}

package io.naru.coordinator.control;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicConfig;
import io.naru.cluster.TopicNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a topic may look like, beside its name's and configs' own rules. Every refusal says which rule and what to do. */
final class TopicRules {
    /** Replicas of a partition where the wish does not say and brokers suffice. */
    private static final int DEFAULT_REPLICATION = 3;

    private TopicRules() {}

    static void requireFreeName(ClusterImage state, String name) {
        TopicNames.requireUserName(name);
        if (state.topic(name) != null) {
            throw new NaruException(ErrorCode.TOPIC_EXISTS, "A topic '" + name + "' exists already.");
        }
        if (name.indexOf('.') < 0 && name.indexOf('_') < 0) {
            return;
        }
        String key = TopicNames.collisionKey(name);
        for (String other : state.topics().keySet()) {
            if (TopicNames.collisionKey(other).equals(key)) {
                throw new NaruException(
                        ErrorCode.INVALID_TOPIC_NAME,
                        "'%s' would collide with the topic '%s': '.' and '_' are one and the same in metrics. Choose another name."
                                .formatted(name, other));
            }
        }
    }

    static void requireRoomForTopic(ClusterImage state, ClusterLimits limits) {
        if (state.topics().size() >= limits.topics()) {
            throw impossible(
                    "The cluster has %d topics, as many as coordinator.limits.topics allows. Delete some, or raise it."
                            .formatted(state.topics().size()));
        }
    }

    /** Whether a topic may go from {@code have} partitions (0 when it is new) to {@code want}. */
    static void requirePartitions(ClusterImage state, ClusterLimits limits, String name, int have, int want) {
        if (want < 1) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST, "A topic has at least 1 partition; " + want + " is not.");
        }
        if (want < have) {
            throw impossible(
                    "Topic '%s' has %d partitions and cannot shrink to %d: the records in the others would be lost. Create a smaller topic and copy."
                            .formatted(name, have, want));
        }
        if (want > limits.partitionsPerTopic()) {
            throw impossible(
                    "A topic has at most %d partitions (coordinator.limits.partitions-per-topic); %d were wished."
                            .formatted(limits.partitionsPerTopic(), want));
        }
        long total = state.topics().values().stream()
                .mapToLong(topic -> topic.partitions().size())
                .sum();
        if (total + (want - have) > limits.partitions()) {
            throw impossible(
                    "The cluster has %d partitions, and %d more would exceed coordinator.limits.partitions (%d)."
                            .formatted(total, want - have, limits.partitions()));
        }
    }

    /** The replication factor to use: the wished one if it is possible, else the default for that many brokers. */
    static int replicationFactor(@Nullable Integer wished, int brokers, ClusterLimits limits) {
        if (wished == null) {
            requireBrokersFor(1, brokers);
            return Math.min(Math.min(DEFAULT_REPLICATION, brokers), limits.replicationFactor());
        }
        if (wished < 1) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST, "A replication factor is at least 1; " + wished + " is not.");
        }
        requireBrokersFor(wished, brokers);
        if (wished > limits.replicationFactor()) {
            throw impossible(
                    "A replication factor of %d was wished, but this version keeps at most %d replica of a partition (coordinator.limits.replication-factor)."
                            .formatted(wished, limits.replicationFactor()));
        }
        return wished;
    }

    static void requireBrokersFor(int replicationFactor, int brokers) {
        if (brokers == 0) {
            throw new NaruException(
                    ErrorCode.NOT_READY,
                    "No broker is ready to hold partitions. Start one, or wait until it has caught up.");
        }
        if (replicationFactor > brokers) {
            throw impossible("A replication factor of %d needs as many live brokers; there are %d."
                    .formatted(replicationFactor, brokers));
        }
    }

    static void requireMinInsyncWithin(Map<String, String> configs, int replicationFactor) {
        String text = configs.get(TopicConfig.MIN_INSYNC_REPLICAS.key());
        if (text != null && Long.parseLong(text) > replicationFactor) {
            throw new NaruException(
                    ErrorCode.INVALID_CONFIG,
                    "min.insync.replicas of %s can never be met by %d replica(s): every write would be refused."
                            .formatted(text, replicationFactor));
        }
    }

    static void requireConfigKey(String key) {
        if (TopicConfig.byKey(key).isEmpty()) {
            // Has the text for unknown configs; with an unknown key the value does not matter.
            TopicConfig.require(key, "");
        }
    }

    /** A name as it came, made fit to stand in an error text. */
    static String quotable(String name) {
        String shown = name.length() > TopicNames.MAX_LENGTH ? name.substring(0, TopicNames.MAX_LENGTH) + "…" : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    private static NaruException impossible(String detail) {
        return new NaruException(ErrorCode.IMPOSSIBLE_ASSIGNMENT, detail);
    }
}

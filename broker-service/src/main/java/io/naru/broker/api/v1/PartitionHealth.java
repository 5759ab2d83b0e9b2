package io.naru.broker.api.v1;

import com.fasterxml.jackson.annotation.JsonValue;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicConfig;
import io.naru.cluster.TopicImage;
import java.util.Locale;
import java.util.Map;

/** How a partition fares, the better first; a topic fares as its worst partition does. */
public enum PartitionHealth {
    /** Led, and every replica is in sync. */
    HEALTHY,
    /** Led and writable; some replica is behind or away. */
    UNDER_REPLICATED,
    /** Led and readable; too few replicas are in sync for acks=all. */
    UNDER_MIN_ISR,
    /** Without a leader: neither readable nor writable. */
    OFFLINE;

    /** How one partition fares. */
    public static PartitionHealth of(TopicImage topic, PartitionImage partition, Map<String, String> brokerDefaults) {
        if (!partition.hasLeader()) {
            return OFFLINE;
        }
        if (partition.isr().size() < TopicConfig.MIN_INSYNC_REPLICAS.longIn(topic.configs(), brokerDefaults)) {
            return UNDER_MIN_ISR;
        }
        return partition.isr().size() < partition.replicas().size() ? UNDER_REPLICATED : HEALTHY;
    }

    /** How the worst partition of a topic fares. */
    public static PartitionHealth of(TopicImage topic, Map<String, String> brokerDefaults) {
        PartitionHealth worst = HEALTHY;
        for (PartitionImage partition : topic.partitions()) {
            PartitionHealth health = of(topic, partition, brokerDefaults);
            worst = health.compareTo(worst) > 0 ? health : worst;
        }
        return worst;
    }

    /** The word in answers, for instance {@code under_replicated}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

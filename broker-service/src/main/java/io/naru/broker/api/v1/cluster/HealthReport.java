package io.naru.broker.api.v1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.broker.api.v1.PartitionHealth;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the cluster fares, in one word, in sentences and in numbers. */
@Schema(name = "Health")
record HealthReport(
        Status status,

        @Schema(description = "Why it is not healthy, a sentence each")
        List<String> reasons,

        int topics,
        int partitions,
        @JsonProperty("offline_partitions") int offlinePartitions,
        @JsonProperty("under_min_isr_partitions") int underMinIsrPartitions,
        @JsonProperty("under_replicated_partitions") int underReplicatedPartitions,
        @JsonProperty("active_brokers") int activeBrokers,
        @JsonProperty("fenced_brokers") int fencedBrokers) {

    /** The word. */
    enum Status {
        @JsonProperty("healthy")
        HEALTHY,
        /** All data can be read and written; something is missing all the same. */
        @JsonProperty("degraded")
        DEGRADED,
        /** Some data cannot be read or written, or nothing can be changed. */
        @JsonProperty("unhealthy")
        UNHEALTHY
    }

    /**
     * The report.
     *
     * @param quorum null when no coordinator answered
     */
    static HealthReport of(ClusterImage image, Map<String, String> brokerDefaults, @Nullable QuorumReport quorum) {
        var counts = new EnumMap<PartitionHealth, Integer>(PartitionHealth.class);
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                counts.merge(PartitionHealth.of(topic, partition, brokerDefaults), 1, Integer::sum);
            }
        }
        int fenced = (int)
                image.brokers().values().stream().filter(BrokerImage::fenced).count();
        int offline = counts.getOrDefault(PartitionHealth.OFFLINE, 0);
        int underMinIsr = counts.getOrDefault(PartitionHealth.UNDER_MIN_ISR, 0);
        // A partition below its minimum is under-replicated too, unless its minimum is beyond what it can have.
        int underReplicated = counts.getOrDefault(PartitionHealth.UNDER_REPLICATED, 0) + underMinIsr;

        var grave = new ArrayList<String>();
        say(grave, offline, "without a leader: neither readable nor writable");
        say(grave, underMinIsr, "with too few replicas in sync for acks=all: readable, not writable");
        if (quorum == null) {
            grave.add("No coordinator answers: reading and writing go on, topics cannot be changed.");
        } else if (quorum.leader() == null) {
            grave.add("The coordinators have no leader: reading and writing go on, topics cannot be changed.");
        }
        var slight = new ArrayList<String>();
        say(slight, underReplicated - underMinIsr, "with a replica behind or away");
        if (fenced > 0) {
            slight.add(fenced == 1 ? "1 broker is fenced." : fenced + " brokers are fenced.");
        }
        Status status = !grave.isEmpty() ? Status.UNHEALTHY : slight.isEmpty() ? Status.HEALTHY : Status.DEGRADED;
        grave.addAll(slight);
        return new HealthReport(
                status,
                grave,
                image.topics().size(),
                counts.values().stream().mapToInt(Integer::intValue).sum(),
                offline,
                underMinIsr,
                underReplicated,
                image.brokers().size() - fenced,
                fenced);
    }

    private static void say(List<String> reasons, int partitions, String what) {
        if (partitions > 0) {
            reasons.add((partitions == 1 ? "1 partition is " : partitions + " partitions are ") + what + ".");
        }
    }
}

package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.api.v1.PartitionHealth;
import io.naru.broker.partition.Partition;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One partition of a topic. What only its holders know is null on other brokers. */
@Schema(name = "Partition")
record PartitionView(
        int partition,
        @Schema(nullable = true) @Nullable Leader leader,

        @Schema(description = "Broker ids in order of preference")
        List<Integer> replicas,

        @Schema(description = "Those in sync") List<Integer> isr,
        @JsonProperty("leader_epoch") int leaderEpoch,
        PartitionHealth health,

        @Schema(description = "First offset that can be read", nullable = true)
        @JsonProperty("log_start_offset")
        @Nullable
        Long logStartOffset,

        @Schema(description = "Readers see offsets below it", nullable = true) @JsonProperty("high_watermark") @Nullable
        Long highWatermark,

        @Schema(description = "Offset of the next record", nullable = true) @JsonProperty("log_end_offset") @Nullable
        Long logEndOffset,

        @Schema(description = "On this broker's disk", nullable = true) @Nullable
        Long bytes,

        @Schema(nullable = true) @Nullable Integer segments) {

    /** The broker that takes writes and serves reads. */
    @Schema(name = "Leader")
    record Leader(int id, @Schema(nullable = true) @Nullable String url) {}

    /** All partitions of a topic, by number. */
    static List<PartitionView> all(ClusterImage image, TopicImage topic, BrokerContext broker) {
        Map<Integer, Partition> held = new HashMap<>();
        broker.partitions().held(topic.name()).forEach(partition -> held.put(partition.number(), partition));
        return topic.partitions().stream()
                .map(partition -> of(image, topic, partition, held.get(partition.partition()), broker))
                .toList();
    }

    private static PartitionView of(
            ClusterImage image,
            TopicImage topic,
            PartitionImage partition,
            @Nullable Partition held,
            BrokerContext broker) {
        return new PartitionView(
                partition.partition(),
                leader(image, partition),
                partition.replicas(),
                partition.isr(),
                partition.leaderEpoch(),
                PartitionHealth.of(topic, partition, broker.brokerDefaults()),
                held == null ? null : held.logStartOffset(),
                held == null ? null : held.highWatermark(),
                held == null ? null : held.logEndOffset(),
                held == null ? null : held.sizeInBytes(),
                held == null ? null : held.segmentCount());
    }

    private static @Nullable Leader leader(ClusterImage image, PartitionImage partition) {
        if (!partition.hasLeader()) {
            return null;
        }
        BrokerImage broker = image.broker(partition.leader());
        return new Leader(partition.leader(), broker == null ? null : broker.url());
    }
}

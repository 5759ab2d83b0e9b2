package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.api.v1.PartitionHealth;
import io.naru.broker.partition.Partition;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.commitlog.damage.Damage;
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

        @Schema(nullable = true) @Nullable Integer segments,

        @Schema(
                description = "What was found damaged on this broker's disk since it started; empty as a rule",
                nullable = true)
        @Nullable
        List<DamageView> damages) {

    /** The broker that takes writes and serves reads. */
    @Schema(name = "Leader")
    record Leader(int id, @Schema(nullable = true) @Nullable String url) {}

    /** A place on a disk that does not hold what was written there. */
    @Schema(name = "Damage")
    record DamageView(
            String file,

            @Schema(description = "Where in the file, in bytes")
            long position,

            @Schema(description = "What is wrong there") String flaw,

            @Schema(description = "Epoch milliseconds") @JsonProperty("found_at")
            long foundAt,

            @Schema(description = "Whether the file has been written anew since, from what is sound elsewhere")
            boolean mended) {
        static DamageView of(Damage damage) {
            return new DamageView(
                    damage.file().toString(),
                    damage.position(),
                    damage.flaw(),
                    damage.found().toEpochMilli(),
                    damage.mended());
        }
    }

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
                held == null ? null : held.segmentCount(),
                held == null
                        ? null
                        : held.damages().stream().map(DamageView::of).toList());
    }

    private static @Nullable Leader leader(ClusterImage image, PartitionImage partition) {
        if (!partition.hasLeader()) {
            return null;
        }
        BrokerImage broker = image.broker(partition.leader());
        return new Leader(partition.leader(), broker == null ? null : broker.url());
    }
}

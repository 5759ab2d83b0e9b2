package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.api.v1.PartitionHealth;
import io.naru.broker.partition.Partition;
import io.naru.cluster.TopicImage;
import io.naru.cluster.TopicNames;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic in a list. */
@Schema(name = "TopicSummary")
record TopicSummary(
        @Schema(example = "orders") String name,
        @JsonProperty("topic_id") String topicId,

        @Schema(description = "Whether the topic is Naru's own")
        boolean internal,

        @Schema(description = "How many there are", example = "3")
        int partitions,

        @JsonProperty("replication_factor") int replicationFactor,

        @Schema(description = "How its worst partition fares")
        PartitionHealth health,

        @Schema(
                description = "On disk, one replica each; null where this broker does not hold every partition",
                nullable = true)
        @Nullable
        Long bytes,

        @Schema(description = "Offsets between log start and high watermark; null like `bytes`", nullable = true)
        @JsonProperty("record_count")
        @Nullable
        Long recordCount) {

    static TopicSummary of(TopicImage topic, BrokerContext broker) {
        List<Partition> held = broker.partitions().held(topic.name());
        boolean all = held.size() == topic.partitions().size();
        return new TopicSummary(
                topic.name(),
                topic.id().toString(),
                TopicNames.isInternal(topic.name()),
                topic.partitions().size(),
                topic.replicationFactor(),
                PartitionHealth.of(topic, broker.brokerDefaults()),
                all ? held.stream().mapToLong(Partition::sizeInBytes).sum() : null,
                all ? held.stream().mapToLong(TopicSummary::records).sum() : null);
    }

    private static long records(Partition partition) {
        return Math.max(0, partition.highWatermark() - partition.logStartOffset());
    }
}

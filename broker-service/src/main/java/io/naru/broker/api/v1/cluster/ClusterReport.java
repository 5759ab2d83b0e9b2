package io.naru.broker.api.v1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The cluster, as the broker that was asked knows it. */
@Schema(name = "Cluster")
record ClusterReport(
        @JsonProperty("cluster_id") UUID clusterId,

        @Schema(description = "The broker that answers") @JsonProperty("broker_id")
        int brokerId,

        @Schema(description = "Of the image that this broker has acted on") @JsonProperty("metadata_version")
        long metadataVersion,

        @Schema(description = "Null when none of them answered", nullable = true) @Nullable
        QuorumReport coordinators,

        List<BrokerView> brokers,
        HealthReport health,

        @Schema(description = "Who did not answer, so that this is not the whole picture")
        List<Unreachable> unreachable) {

    /** Somebody who should have answered. */
    @Schema(name = "Unreachable")
    record Unreachable(
            @Schema(example = "coordinators") String what,
            @Schema(description = "Why not") String detail) {}
}

package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.TopicCommand;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/topics}. */
@Schema(
        name = "CreateTopic",
        example = "{\"name\": \"orders\", \"partitions\": 3, \"configs\": {\"min.insync.replicas\": \"1\"}}")
public record CreateTopic(
        @Schema(
                description = "1 to 249 of A-Z a-z 0-9 . _ -",
                requiredMode = Schema.RequiredMode.REQUIRED,
                example = "orders")
        @Nullable
        String name,

        @Schema(description = "1 when left out", minimum = "1", example = "3") @Nullable
        Integer partitions,

        @Schema(description = "min(3, brokers) when left out", minimum = "1")
        @JsonProperty("replication_factor")
        @Nullable
        Integer replicationFactor,

        @Schema(description = "Config → value; GET /v1/topic-configs lists what there is") @Nullable
        Map<String, @Nullable String> configs) {

    /**
     * What the coordinators are asked. A config that is null is left at its default, as in a PATCH.
     *
     * @throws NaruException {@code INVALID_REQUEST} without a name
     */
    TopicCommand.Create toCommand() {
        if (name == null) {
            throw new NaruException(ErrorCode.INVALID_REQUEST, "The field 'name' is missing; a topic needs one.");
        }
        var given = new TreeMap<String, String>();
        if (configs != null) {
            configs.forEach((config, value) -> {
                if (value != null) {
                    given.put(config, value);
                }
            });
        }
        return new TopicCommand.Create(name, partitions, replicationFactor, given);
    }
}

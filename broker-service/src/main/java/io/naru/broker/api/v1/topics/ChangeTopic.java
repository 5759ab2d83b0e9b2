package io.naru.broker.api.v1.topics;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.TopicCommand;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code PATCH /v1/topics/{topic}}. */
@Schema(name = "ChangeTopic", example = "{\"configs\": {\"segment.bytes\": \"1048576\", \"segment.ms\": null}}")
public record ChangeTopic(
        @Schema(description = "Config → new value, or null for back to the default; others stay") @Nullable
        Map<String, @Nullable String> configs,

        @Schema(description = "The new count, higher than now: records with keys may land elsewhere than before")
        @Nullable
        Integer partitions) {

    /**
     * What the coordinators are asked.
     *
     * @throws NaruException {@code INVALID_REQUEST} when nothing is to change
     */
    TopicCommand.Alter toCommand(@Nullable String revision) {
        if (partitions == null && (configs == null || configs.isEmpty())) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST, "Nothing is to change; give 'configs', 'partitions' or both.");
        }
        return new TopicCommand.Alter(configs, partitions, revision);
    }
}

package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.cluster.TopicConfig;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A config a topic can have. */
@Schema(name = "TopicConfig")
record ConfigDescription(
        @Schema(example = "segment.bytes") String name,

        @Schema(description = "`long`, `share` (a number from 0 to 1) or `choice`", example = "long")
        String type,

        @Schema(description = "The value where a topic does not set it, on this broker") @JsonProperty("default")
        String defaultValue,

        @Schema(description = "Least value of a `long` or `share`", nullable = true) @Nullable
        Long least,

        @Schema(description = "Greatest value of a `long` or `share`", nullable = true) @Nullable
        Long most,

        @Schema(description = "Possible values of a `choice`", nullable = true) @Nullable
        List<String> choices,

        @Schema(description = "What it does, in one line") String help) {

    /** All there are, by name. */
    static List<ConfigDescription> all(Map<String, String> brokerDefaults) {
        return Arrays.stream(TopicConfig.values())
                .sorted(Comparator.comparing(TopicConfig::key))
                .map(config -> of(config, brokerDefaults))
                .toList();
    }

    private static ConfigDescription of(TopicConfig config, Map<String, String> brokerDefaults) {
        boolean number = config.type() != TopicConfig.Type.CHOICE;
        return new ConfigDescription(
                config.key(),
                config.type().name().toLowerCase(Locale.ROOT),
                config.in(Map.of(), brokerDefaults),
                number ? config.least() : null,
                number ? config.most() : null,
                number ? null : config.choices(),
                config.help());
    }
}

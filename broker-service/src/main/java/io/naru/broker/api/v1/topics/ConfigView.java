package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.cluster.TopicConfig;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.TreeMap;

/** One config of a topic in force, and where its value comes from. */
@Schema(name = "ConfigValue")
record ConfigView(
        @Schema(description = "The value in force", example = "1048576")
        String value,

        Source source,

        @Schema(description = "What the value would be if the topic did not set it") @JsonProperty("default")
        String defaultValue) {

    /** Who says so. */
    enum Source {
        @JsonProperty("topic")
        TOPIC,
        @JsonProperty("broker_default")
        BROKER_DEFAULT,
        @JsonProperty("default")
        DEFAULT
    }

    /** All configs in force of a topic, by name. */
    static Map<String, ConfigView> of(TopicImage topic, Map<String, String> brokerDefaults) {
        var configs = new TreeMap<String, ConfigView>();
        for (TopicConfig config : TopicConfig.values()) {
            Source source = topic.configs().containsKey(config.key())
                    ? Source.TOPIC
                    : brokerDefaults.containsKey(config.key()) ? Source.BROKER_DEFAULT : Source.DEFAULT;
            configs.put(
                    config.key(),
                    new ConfigView(
                            config.in(topic.configs(), brokerDefaults), source, config.in(Map.of(), brokerDefaults)));
        }
        return configs;
    }
}

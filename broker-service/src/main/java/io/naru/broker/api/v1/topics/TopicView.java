package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.naru.broker.api.v1.BrokerContext;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** A topic with all that is known of it. */
@Schema(name = "Topic")
record TopicView(
        @JsonUnwrapped TopicSummary summary,

        @Schema(description = "Changes with every change of configs or partitions; the ETag without its quotes")
        @JsonProperty("revision")
        String revision,

        @Schema(description = "Every config in force, by name")
        Map<String, ConfigView> configs) {

    static TopicView of(TopicImage topic, BrokerContext broker) {
        return new TopicView(
                TopicSummary.of(topic, broker), topic.revision(), ConfigView.of(topic, broker.brokerDefaults()));
    }
}

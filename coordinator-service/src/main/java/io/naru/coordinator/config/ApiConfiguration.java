package io.naru.coordinator.config;

import io.naru.coordinator.api.BrokersController;
import io.naru.coordinator.api.MetadataController;
import io.naru.coordinator.api.ProblemAdvice;
import io.naru.coordinator.api.QuorumController;
import io.naru.coordinator.api.TopicsController;
import io.naru.coordinator.decider.Decider;
import io.naru.coordinator.feed.MetadataFeed;
import io.naru.coordinator.liveness.Membership;
import io.naru.coordinator.quorum.RatisQuorum;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;

/** The coordinator over HTTP. */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {
    @Bean
    JsonMapperBuilderCustomizer strictSnakeCase() {
        return builder -> builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Bean
    BrokersController brokersController(Membership membership) {
        return new BrokersController(membership);
    }

    @Bean
    TopicsController topicsController(Decider decider, CoordinatorProperties properties) {
        return new TopicsController(decider, properties.decisionTimeout());
    }

    @Bean
    MetadataController metadataController(MetadataFeed feed) {
        return new MetadataController(feed);
    }

    @Bean
    QuorumController quorumController(RatisQuorum quorum) {
        return new QuorumController(quorum::view);
    }

    @Bean
    ProblemAdvice problemAdvice() {
        return new ProblemAdvice();
    }
}

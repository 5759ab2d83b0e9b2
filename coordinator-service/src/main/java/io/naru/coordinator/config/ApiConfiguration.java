package io.naru.coordinator.config;

import io.naru.cluster.TopicId;
import io.naru.coordinator.api.BrokersController;
import io.naru.coordinator.api.MetadataController;
import io.naru.coordinator.api.OwnNames;
import io.naru.coordinator.api.ProblemAdvice;
import io.naru.coordinator.api.ProblemValve;
import io.naru.coordinator.api.QuorumController;
import io.naru.coordinator.api.RequestGuard;
import io.naru.coordinator.api.TopicsController;
import io.naru.coordinator.decider.Decider;
import io.naru.coordinator.feed.MetadataFeed;
import io.naru.coordinator.liveness.Membership;
import io.naru.coordinator.quorum.RatisQuorum;
import org.apache.catalina.core.StandardHost;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.TomcatContextCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;
import tools.jackson.databind.type.LogicalType;

/** The coordinator over HTTP. */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {
    @Bean
    JsonMapperBuilderCustomizer strictSnakeCase() {
        var ids = new SimpleModule("naru-ids").addSerializer(TopicId.class, ToStringSerializer.instance);
        return builder -> builder.addModule(ids)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfig(
                        LogicalType.Textual,
                        coercion -> coercion.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
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

    @Bean
    FilterRegistrationBean<RequestGuard> requestGuard(
            CoordinatorProperties properties, @Value("${server.address:#{null}}") @Nullable String address) {
        var names = new OwnNames(address, properties.allowedHosts());
        var guard = new RequestGuard(names, properties.limits().bodyBytes());
        var registration = new FilterRegistrationBean<>(guard);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsFromTomcatToo() {
        TomcatContextCustomizer valve = context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        };
        return factory -> factory.addContextCustomizers(valve);
    }

    @Bean
    StrictRequests strictRequests(JsonMapper json) {
        return new StrictRequests(json);
    }
}

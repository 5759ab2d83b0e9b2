package io.naru.coordinator.config;

import io.naru.coordinator.decider.Decider;
import io.naru.coordinator.decider.QuorumListeners;
import io.naru.coordinator.feed.MetadataFeed;
import io.naru.coordinator.liveness.LivenessClock;
import io.naru.coordinator.liveness.Membership;
import io.naru.coordinator.quorum.RatisQuorum;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The coordinator without its HTTP face: the quorum and everything that listens to it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CoordinatorProperties.class)
public class CoordinatorConfiguration {
    @Bean
    QuorumListeners quorumListeners() {
        return new QuorumListeners();
    }

    @Bean(destroyMethod = "")
    RatisQuorum quorum(
            CoordinatorProperties properties, @Value("${server.port}") int httpPort, QuorumListeners listeners) {
        return new RatisQuorum(properties.quorumSettings(httpPort), listeners);
    }

    @Bean(destroyMethod = "")
    MetadataFeed metadataFeed(CoordinatorProperties properties) {
        return new MetadataFeed(properties.feedLimits());
    }

    @Bean
    CoordinatorMetrics coordinatorMetrics() {
        return new CoordinatorMetrics();
    }

    @Bean(destroyMethod = "")
    Decider decider(CoordinatorProperties properties, RatisQuorum quorum, CoordinatorMetrics metrics) {
        var decider = new Decider(quorum, properties.clusterLimits(), UUID::randomUUID, metrics);
        metrics.watch(quorum, decider);
        return decider;
    }

    @Bean
    QuorumHealth quorumHealthIndicator(RatisQuorum quorum, Decider decider) {
        return new QuorumHealth(quorum, decider);
    }

    @Bean
    Membership membership(CoordinatorProperties properties, Decider decider, RatisQuorum quorum) {
        return new Membership(decider, quorum::image, properties.livenessSettings(), System::nanoTime);
    }

    @Bean(destroyMethod = "")
    LivenessClock livenessClock(CoordinatorProperties properties, Membership membership) {
        return new LivenessClock(membership, properties.livenessSettings(), System::nanoTime);
    }

    @Bean
    FeedLifecycle feedLifecycle(MetadataFeed feed) {
        return new FeedLifecycle(feed);
    }

    @Bean
    CoordinatorLifecycle coordinatorLifecycle(
            QuorumListeners listeners,
            RatisQuorum quorum,
            MetadataFeed feed,
            Decider decider,
            Membership membership,
            LivenessClock clock) {
        // The feed first: whoever is answered finds the change there. Sessions before decisions: they guard them.
        listeners.add(feed);
        listeners.add(membership);
        listeners.add(decider);
        return new CoordinatorLifecycle(quorum, decider, clock);
    }
}

package io.naru.broker.config;

import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.api.v1.cluster.ClusterController;
import io.naru.broker.api.v1.topics.TopicChanges;
import io.naru.broker.api.v1.topics.TopicController;
import io.naru.broker.api.v1.topics.TruncationController;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.JsonBodies;
import io.naru.broker.metadata.ClusterView;
import io.naru.broker.metadata.Coordinator;
import io.naru.broker.partition.Partitions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Wires the calls about topics and the cluster. */
@Configuration(proxyBeanMethods = false)
@Import(HttpConfiguration.class)
public class TopicApiConfiguration {
    @Bean
    BrokerContext brokerContext(ClusterView cluster, Partitions partitions, Environment environment) {
        return new BrokerContext(
                cluster, partitions, LogDefaults.of(environment), BrokerConfiguration.advertisedUrl(environment));
    }

    @Bean
    TopicChanges topicChanges(BrokerContext broker, Coordinator coordinator, JsonBodies bodies, BlockingCalls calls) {
        return new TopicChanges(broker, coordinator, bodies, calls);
    }

    @Bean
    TopicController topicController(BrokerContext broker, TopicChanges changes) {
        return new TopicController(broker, changes);
    }

    @Bean
    TruncationController truncationController(Partitions partitions, JsonBodies bodies) {
        return new TruncationController(partitions, bodies);
    }

    @Bean
    ClusterController clusterController(BrokerContext broker, Coordinator coordinator, BlockingCalls calls) {
        return new ClusterController(broker, coordinator, calls);
    }
}

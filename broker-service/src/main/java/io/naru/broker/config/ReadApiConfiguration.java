package io.naru.broker.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.api.v1.ImageWatch;
import io.naru.broker.api.v1.read.Answers;
import io.naru.broker.api.v1.read.LongPolls;
import io.naru.broker.api.v1.read.PartitionRecordsController;
import io.naru.broker.api.v1.read.ReadMetrics;
import io.naru.broker.api.v1.read.TopicRecordsController;
import io.naru.broker.api.v1.stream.StreamController;
import io.naru.broker.api.v1.stream.Streams;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.MemoryBudget;
import io.naru.broker.metadata.ClusterView;
import io.naru.broker.partition.Partitions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the calls that read and follow records, beside {@link HttpConfiguration}. */
@Configuration(proxyBeanMethods = false)
@Import(HttpConfiguration.class)
@EnableConfigurationProperties({ReadProperties.Streams.class, ReadProperties.Polls.class})
public class ReadApiConfiguration {
    @Bean
    MemoryBudget answerMemory(HttpProperties http) {
        return http.answerMemory();
    }

    @Bean(destroyMethod = "close")
    ImageWatch imageWatch(ClusterView cluster) {
        return ImageWatch.start(cluster);
    }

    @Bean
    ReadApi readApi(
            ReadProperties.Streams streams,
            ReadProperties.Polls polls,
            ClusterView cluster,
            ImageWatch images,
            MemoryBudget answerMemory,
            BlockingCalls calls,
            MeterRegistry registry) {
        var metrics = new ReadMetrics(registry, cluster, images);
        return new ReadApi(
                new Answers(answerMemory, calls, metrics),
                new LongPolls(polls.max()),
                new Streams(streams.settings(), images, metrics));
    }

    @Bean
    LastingRequests lastingReads(ReadApi api) {
        return new LastingRequests(api::shutdown);
    }

    @Bean
    PartitionRecordsController partitionRecordsController(Partitions partitions, ReadApi api) {
        return new PartitionRecordsController(partitions, api.polls(), api.answers());
    }

    @Bean
    TopicRecordsController topicRecordsController(Partitions partitions, ReadApi api) {
        return new TopicRecordsController(partitions, api.polls(), api.answers());
    }

    @Bean
    StreamController streamController(Partitions partitions, ClusterView cluster, ReadApi api) {
        return new StreamController(partitions, cluster, api.streams());
    }
}

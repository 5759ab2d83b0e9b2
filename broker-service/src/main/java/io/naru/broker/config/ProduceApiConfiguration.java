package io.naru.broker.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.api.v1.produce.NdjsonProduce;
import io.naru.broker.api.v1.produce.ProduceController;
import io.naru.broker.api.v1.produce.ProduceMetrics;
import io.naru.broker.api.v1.produce.WholeBodyProduce;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.api.web.RequestBodies;
import io.naru.broker.partition.Partitions;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Wires the call that writes records. */
@Configuration(proxyBeanMethods = false)
@Import(HttpConfiguration.class)
public class ProduceApiConfiguration {
    /** Parses and compresses what is too large for an event loop; a thread a core, because it only computes. */
    @Bean(destroyMethod = "dispose")
    Scheduler encoders() {
        return Schedulers.newParallel("naru-encode", Runtime.getRuntime().availableProcessors(), true);
    }

    @Bean
    ProduceMetrics produceMetrics(MeterRegistry registry) {
        return new ProduceMetrics(registry);
    }

    @Bean
    NdjsonProduce ndjsonProduce(
            Partitions partitions,
            RequestBodies bodies,
            HttpLimits limits,
            Scheduler encoders,
            ProduceMetrics metrics) {
        return new NdjsonProduce(partitions, bodies, limits, encoders, InstantSource.system(), metrics);
    }

    @Bean
    LastingRequests lastingWrites(NdjsonProduce streams) {
        return new LastingRequests(streams::shutdown);
    }

    @Bean
    ProduceController produceController(
            Partitions partitions,
            RequestBodies bodies,
            HttpLimits limits,
            Scheduler encoders,
            ProduceMetrics metrics,
            NdjsonProduce streams,
            BlockingCalls calls) {
        return new ProduceController(
                new WholeBodyProduce(partitions, bodies, limits, encoders, InstantSource.system(), metrics, calls),
                streams);
    }
}

package io.naru.broker.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.config.OpenApiConfiguration;
import io.naru.broker.config.ProduceApiConfiguration;
import io.naru.broker.config.ReadApiConfiguration;
import io.naru.broker.config.TopicApiConfiguration;
import io.naru.broker.partition.LocalPartitions;
import io.naru.broker.partition.LogCleaner;
import io.naru.broker.partition.PartitionHost;
import io.naru.broker.runtime.ThreadTimers;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.compaction.IoThrottle;
import io.naru.commitlog.disk.InMemoryDisk;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The HTTP face of a broker on a free port of the loopback address, over real partitions in memory. Closing it frees
 * everything.
 */
public final class TestBroker implements AutoCloseable {
    /** What answers call this broker; nothing listens there. */
    public static final String ADVERTISED_URL = "http://naru.test:8080";

    private final ConfigurableApplicationContext context;

    private TestBroker(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** A broker with further properties, each {@code name=value}. */
    public static TestBroker start(String... properties) {
        var all = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--advertised.url=" + ADVERTISED_URL,
                // What waits on this broker is about the broker as a whole.
                "--management.endpoint.health.group.readiness.include=readinessState"));
        for (String property : properties) {
            all.add("--" + property);
        }
        return new TestBroker(new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.REACTIVE)
                .properties("spring.config.name=naru-broker")
                .run(all.toArray(String[]::new)));
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", int.class);
    }

    public HttpCalls calls() {
        return new HttpCalls(port());
    }

    public InMemoryCluster cluster() {
        return context.getBean(InMemoryCluster.class);
    }

    public SteerablePartitions partitions() {
        return context.getBean(SteerablePartitions.class);
    }

    /** An address on this broker. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** How many streams are open, as the metrics say. */
    public int openStreams() {
        return (int) bean(MeterRegistry.class).get("streams.open").gauge().value();
    }

    /** Bytes of network buffers that nobody has released yet. */
    public long bufferedBytes() {
        var held = context.getBean(UnpooledByteBufAllocator.class).metric();
        return held.usedDirectMemory() + held.usedHeapMemory();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }

    /** The wiring of the API as it is, over the parts of this package. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({
        TopicApiConfiguration.class,
        ProduceApiConfiguration.class,
        ReadApiConfiguration.class,
        OpenApiConfiguration.class
    })
    static class Wiring {
        /** Event loops of its own: closing one broker of a JVM must not stop another's. */
        @Bean
        ReactorResourceFactory ownEventLoops() {
            var resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setShutdownQuietPeriod(Duration.ZERO);
            return resources;
        }

        @Bean(destroyMethod = "close")
        LogDirectory logDirectory() throws IOException {
            return LogDirectory.open(new InMemoryDisk(), Path.of("/broker"));
        }

        @Bean(destroyMethod = "close")
        ThreadTimers timers() {
            return new ThreadTimers();
        }

        @Bean
        LocalPartitions localPartitions() {
            return new LocalPartitions();
        }

        @Bean(destroyMethod = "close")
        PartitionHost partitionHost(LogDirectory directory, LocalPartitions partitions, ThreadTimers timers) {
            var cleaner = new LogCleaner.Settings(1, IoThrottle.UNLIMITED, 1 << 20, 1 << 16, Duration.ofMillis(50));
            var settings = new PartitionHost.Settings(
                    InMemoryCluster.BROKER, 2, 64 << 20, Duration.ofMinutes(5), cleaner, Map.of());
            return new PartitionHost(settings, directory, partitions, timers, Clock.systemUTC());
        }

        @Bean
        InMemoryCluster cluster(PartitionHost host) {
            return new InMemoryCluster(host, ADVERTISED_URL);
        }

        @Bean
        UnpooledByteBufAllocator buffers() {
            return new UnpooledByteBufAllocator(true);
        }

        /** Buffers that are counted, so that a test can tell whether any was forgotten. */
        @Bean
        WebServerFactoryCustomizer<NettyReactiveWebServerFactory> countedBuffers(UnpooledByteBufAllocator buffers) {
            return factory ->
                    factory.addServerCustomizers(server -> server.childOption(ChannelOption.ALLOCATOR, buffers));
        }

        @Bean
        @Primary
        SteerablePartitions partitions(LocalPartitions real) {
            return new SteerablePartitions(real);
        }
    }
}

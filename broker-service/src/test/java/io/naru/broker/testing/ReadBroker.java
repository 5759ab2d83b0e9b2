package io.naru.broker.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.config.ReadApi;
import io.naru.broker.config.ReadApiConfiguration;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The reading half of a broker on a free port of loopback, over a {@link TestCluster}. */
public final class ReadBroker implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final ConfigurableApplicationContext context;

    private ReadBroker(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ReadApiConfiguration.class)
    static class Application {
        @Bean
        TestCluster cluster() {
            return new TestCluster();
        }

        @Bean
        UnpooledByteBufAllocator buffers() {
            return new UnpooledByteBufAllocator(true);
        }

        @Bean
        WebServerFactoryCustomizer<NettyReactiveWebServerFactory> countedBuffers(UnpooledByteBufAllocator buffers) {
            return factory ->
                    factory.addServerCustomizers(server -> server.childOption(ChannelOption.ALLOCATOR, buffers));
        }
    }

    /** Starts one; each property is {@code name=value}. */
    public static ReadBroker start(String... properties) {
        var all = new ArrayList<>(List.of("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off"));
        all.addAll(List.of(properties));
        return new ReadBroker(new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .properties("spring.config.name=read-broker-test")
                .run(all.stream().map(property -> "--" + property).toArray(String[]::new)));
    }

    public TestCluster cluster() {
        return context.getBean(TestCluster.class);
    }

    public ReadApi api() {
        return context.getBean(ReadApi.class);
    }

    /** How many streams are open, as the metrics say. */
    public int openStreams() {
        return (int) meters().get("streams.open").gauge().value();
    }

    /** Bytes of network buffers that nobody has released yet. */
    public long bufferedBytes() {
        var held = context.getBean(UnpooledByteBufAllocator.class).metric();
        return held.usedDirectMemory() + held.usedHeapMemory();
    }

    public MeterRegistry meters() {
        return context.getBean(MeterRegistry.class);
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** The answer to a GET; each header is {@code Name: value}. */
    public HttpResponse<String> get(String path, String... headers) {
        return send(path, HttpResponse.BodyHandlers.ofString(), headers);
    }

    /** Like {@link #get}, with the body's bytes. */
    public HttpResponse<byte[]> getBytes(String path, String... headers) {
        return send(path, HttpResponse.BodyHandlers.ofByteArray(), headers);
    }

    /** Opens a stream of server-sent events. */
    public EventReader events(String path, String... headers) {
        return new EventReader(send(path, HttpResponse.BodyHandlers.ofInputStream(), headers));
    }

    private <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        for (String header : headers) {
            int colon = header.indexOf(':');
            request.header(
                    header.substring(0, colon), header.substring(colon + 1).strip());
        }
        try {
            return CLIENT.send(request.build(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}

package io.naru.broker.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.api.error.ProblemHandler;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.api.web.IndexController;
import io.naru.broker.api.web.JsonBodies;
import io.naru.broker.api.web.OwnNames;
import io.naru.broker.api.web.RequestBodies;
import io.naru.broker.api.web.RequestGuard;
import io.naru.broker.api.web.StallTimeout;
import io.naru.broker.api.web.StrictRequestMapping;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.URI;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.Environment;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Wires what every HTTP call passes: the guard, strict parameters, problems, bounds, and the published contract. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpProperties.class)
@PropertySource("classpath:io/naru/broker/config/http-defaults.properties")
public class HttpConfiguration {
    /**
     * What the operating system keeps of an answer that its client has not taken. It would keep megabytes, and tell of
     * room only when a third of them is gone.
     */
    private static final int UNSENT_BYTES = 256 * 1024;

    @Bean
    HttpLimits httpLimits(HttpProperties http) {
        return http.limits();
    }

    @Bean
    RequestGuard requestGuard(Environment environment, HttpProperties http) {
        return new RequestGuard(new OwnNames(
                environment.getProperty("server.address"),
                URI.create(BrokerConfiguration.advertisedUrl(environment)),
                http.allowedHosts()));
    }

    @Bean
    ProblemHandler problemHandler() {
        return new ProblemHandler();
    }

    @Bean
    WebFluxRegistrations strictParameters() {
        return new WebFluxRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new StrictRequestMapping();
            }
        };
    }

    /** Nothing is validated by annotations; springdoc needs the library to be there, and it shall not be set up. */
    @Bean
    WebFluxConfigurer withoutBeanValidation() {
        return new WebFluxConfigurer() {
            @Override
            public Validator getValidator() {
                return new NothingToValidate();
            }
        };
    }

    private static final class NothingToValidate implements Validator {
        @Override
        public boolean supports(Class<?> type) {
            return false;
        }

        @Override
        public void validate(Object target, Errors errors) {
            throw new IllegalStateException("nothing is supported");
        }
    }

    /** Whoever does not read costs little, and not for long. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> patienceWithReaders(
            HttpProperties http, ObjectProvider<MeterRegistry> registry) {
        return factory -> {
            Counter stalled = Counter.builder("connections.stalled")
                    .description("Connections closed because their clients took nothing of what was sent to them")
                    .register(registry.getObject());
            factory.addServerCustomizers(server -> server.doOnChannelInit((_, channel, _) -> {
                if (channel instanceof EpollSocketChannel socket) {
                    socket.config().setTcpNotSentLowAt(UNSENT_BYTES);
                }
                // First, so that it sees what all that stands above it has made of an answer.
                channel.pipeline().addFirst(new StallTimeout(http.stallTimeout(), stalled));
            }));
        };
    }

    @Bean
    RequestBodies requestBodies(HttpLimits limits) {
        return new RequestBodies(limits);
    }

    @Bean
    JsonBodies jsonBodies(RequestBodies bodies, HttpLimits limits) {
        return new JsonBodies(bodies, limits);
    }

    @Bean(destroyMethod = "close")
    BlockingCalls blockingCalls() {
        return new BlockingCalls();
    }

    @Bean
    IndexController indexController() {
        String version = HttpConfiguration.class.getPackage().getImplementationVersion();
        return new IndexController(
                Objects.requireNonNullElse(version, "development"), HttpConfiguration.class.getClassLoader());
    }
}

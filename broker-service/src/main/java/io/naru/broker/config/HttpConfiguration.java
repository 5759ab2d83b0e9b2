package io.naru.broker.config;

import io.naru.broker.api.error.ProblemHandler;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.api.web.IndexController;
import io.naru.broker.api.web.JsonBodies;
import io.naru.broker.api.web.OwnNames;
import io.naru.broker.api.web.RequestBodies;
import io.naru.broker.api.web.RequestGuard;
import io.naru.broker.api.web.StrictRequestMapping;
import java.net.URI;
import java.util.Objects;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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

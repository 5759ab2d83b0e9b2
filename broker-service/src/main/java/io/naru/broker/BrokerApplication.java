package io.naru.broker;

import io.naru.broker.config.BrokerConfiguration;
import io.naru.broker.config.ReadApiConfiguration;
import io.naru.broker.config.TopicApiConfiguration;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * A broker. Its properties come, later ones first, from {@code naru-broker.properties} in the working directory or its
 * {@code config} folder, from environment variables, and from the command line.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({BrokerConfiguration.class, TopicApiConfiguration.class, ReadApiConfiguration.class})
public class BrokerApplication {
    public static void main(String[] args) {
        run(args);
    }

    /**
     * Starts a broker in this JVM with the properties given, which win over all other sources. Returns once it answers
     * HTTP; {@code /actuator/health/readiness} tells when a produce would succeed.
     */
    public static ConfigurableApplicationContext start(Map<String, ?> properties) {
        return run(properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new));
    }

    private static ConfigurableApplicationContext run(String[] args) {
        return new SpringApplicationBuilder(BrokerApplication.class)
                .web(WebApplicationType.REACTIVE)
                .properties("spring.config.name=naru-broker")
                .run(args);
    }
}

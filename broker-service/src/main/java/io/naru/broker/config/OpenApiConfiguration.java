package io.naru.broker.config;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When the description of the API is made: on the first request for it. */
@Configuration(proxyBeanMethods = false)
public class OpenApiConfiguration {
    private static final String SPRINGDOC = "org.springdoc.";

    /**
     * Makes springdoc's beans lazy. They bring a JSON library of their own and a thousand classes, which a start
     * without a reader of the description need not pay for.
     */
    @Bean
    static BeanFactoryPostProcessor describeOnDemand() {
        return beans -> {
            for (String name : beans.getBeanDefinitionNames()) {
                if (comesFromSpringdoc(beans, name)) {
                    beans.getBeanDefinition(name).setLazyInit(true);
                }
            }
        };
    }

    private static boolean comesFromSpringdoc(ConfigurableListableBeanFactory beans, String name) {
        BeanDefinition definition = beans.getBeanDefinition(name);
        String type = definition.getBeanClassName();
        String madeBy = definition.getFactoryBeanName();
        return (type != null && type.startsWith(SPRINGDOC)) || (madeBy != null && madeBy.startsWith(SPRINGDOC));
    }
}

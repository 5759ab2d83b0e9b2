package io.naru.broker.config;

import io.swagger.v3.oas.models.OpenAPI;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The description of the API: what it says, and when it is made, which is on the first request for it. */
@Configuration(proxyBeanMethods = false)
public class OpenApiConfiguration {
    private static final String SPRINGDOC = "org.springdoc.";
    private static final String DESCRIBING = "openApiResource";
    private static final String CONVERTERS = "modelConverterRegistrar";

    /**
     * Makes springdoc's beans lazy. They bring a JSON library of their own and a thousand classes, which a start
     * without a reader of the description need not pay for.
     */
    @Bean
    static BeanFactoryPostProcessor describeOnDemand() {
        return beans -> {
            for (String name : beans.getBeanDefinitionNames()) {
                if (comesFromSpringdoc(beans, name)) {
                    BeanDefinition definition = beans.getBeanDefinition(name);
                    definition.setLazyInit(true);
                    if (definition.getFactoryMethodName() != null
                            && definition.getFactoryMethodName().equals(DESCRIBING)) {
                        // Nobody asks for it, and without it Mono and ResponseEntity are described as objects.
                        definition.setDependsOn(CONVERTERS);
                    }
                }
            }
        };
    }

    @Bean
    @Lazy
    OpenAPI contractFrame() {
        return PublishedContract.frame();
    }

    @Bean
    @Lazy
    PublishedContract publishedContract() {
        return new PublishedContract();
    }

    private static boolean comesFromSpringdoc(ConfigurableListableBeanFactory beans, String name) {
        BeanDefinition definition = beans.getBeanDefinition(name);
        String type = definition.getBeanClassName();
        String madeBy = definition.getFactoryBeanName();
        return (type != null && type.startsWith(SPRINGDOC)) || (madeBy != null && madeBy.startsWith(SPRINGDOC));
    }
}

package io.naru.coordinator.config;

import io.naru.cluster.TopicId;
import io.naru.coordinator.api.SwaggerPages;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.media.UUIDSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.List;
import org.springdoc.core.converters.ModelConverterRegistrar;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.discoverer.SpringDocParameterNameDiscoverer;
import org.springdoc.core.extractor.MethodParameterPojoExtractor;
import org.springdoc.core.service.GenericParameterService;
import org.springdoc.core.service.RequestBodyService;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The description of this API under {@code /openapi}, and its pages for people under {@code /openapi/ui}. */
@Configuration(proxyBeanMethods = false)
public class OpenApiConfiguration {
    /** Replaces springdoc's own reading of our types. */
    @Bean
    ModelResolver recordModels() {
        SpringDocUtils.getConfig().replaceWithSchema(TopicId.class, new UUIDSchema());
        return new RecordModels();
    }

    @Bean
    RequestDescriptions requestDescriptions(
            GenericParameterService parameters,
            RequestBodyService bodies,
            SpringDocCustomizers customizers,
            SpringDocParameterNameDiscoverer names,
            MethodParameterPojoExtractor pojos) {
        return new RequestDescriptions(parameters, bodies, customizers, names, pojos);
    }

    @Bean
    SwaggerPages swaggerPages() {
        return new SwaggerPages();
    }

    @Bean
    OpenApiCustomizer coordinatorDescription(ModelConverterRegistrar madeFirst) {
        return api -> {
            describe(api);
            // springdoc gathers them in the order in which it meets them.
            api.getTags().sort(Comparator.comparing(Tag::getName));
            api.getComponents().addSchemas("Problem", problem());
            api.getPaths()
                    .values()
                    .forEach(path -> path.readOperations()
                            .forEach(operation ->
                                    operation.getResponses().addApiResponse("default", problemResponse())));
        };
    }

    /** Nobody asks for the description while the coordinator starts, so that none of its parts are built then. */
    @Bean
    static BeanFactoryPostProcessor describeLater() {
        return factory -> {
            for (String name : factory.getBeanDefinitionNames()) {
                var definition = factory.getBeanDefinition(name);
                String origin = String.valueOf(definition.getFactoryBeanName()) + definition.getBeanClassName();
                if (origin.contains("org.springdoc") || origin.contains("OpenApiConfiguration")) {
                    definition.setLazyInit(true);
                }
            }
        };
    }

    private static void describe(OpenAPI api) {
        api.info(new Info()
                .title("Naru coordinator")
                .version("v1")
                .description(
                        "The metadata quorum: who is alive, which broker leads and holds what. Brokers talk to it; users talk to brokers.")
                .license(new License().name("Apache-2.0")));
        api.servers(List.of(new Server().url("http://127.0.0.1:9080")));
    }

    private static ApiResponse problemResponse() {
        return new ApiResponse()
                .description("A problem (RFC 9457)")
                .content(new Content()
                        .addMediaType(
                                "application/problem+json",
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
    }

    private static Schema<?> problem() {
        var problem = new ObjectSchema();
        problem.setDescription("What went wrong; further properties carry facts for programs");
        problem.setRequired(List.of("type", "title", "status", "detail", "error_code", "retriable"));
        problem.addProperty("type", new StringSchema().format("uri").description("Names the kind of problem"));
        problem.addProperty("title", new StringSchema());
        problem.addProperty("status", new IntegerSchema());
        problem.addProperty("detail", new StringSchema().description("What happened, what it means and what to do"));
        problem.addProperty("error_code", new IntegerSchema().description("Stable number of the kind of problem"));
        problem.addProperty("retriable", new BooleanSchema().description("Whether the same request may succeed later"));
        var outcome = new StringSchema();
        outcome.setEnum(List.of("not_applied", "unknown"));
        outcome.setDescription("What became of a write; absent for reads");
        problem.addProperty("outcome", outcome);
        return problem;
    }
}

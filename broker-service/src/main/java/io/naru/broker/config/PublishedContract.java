package io.naru.broker.config;

import io.naru.broker.api.error.Problem;
import io.naru.broker.api.error.ProblemSchema;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;

/** What the description of the API says beyond the calls themselves: its title, and that every failure is a problem. */
final class PublishedContract implements GlobalOpenApiCustomizer {
    private static final String PROBLEM = "#/components/schemas/Problem";

    private static final Map<String, String> PATH_PARAMETERS = Map.of(
            "topic", "The topic's name",
            "partition", "The partition's number, from 0",
            "offset", "The record's offset",
            "id", "The broker's id");

    /** Schemas whose properties may be left out; all others are answers, which are always whole. */
    private static final Set<String> SENT_IN_PARTS = Set.of("ChangeTopic", "NewRecord", "Header", "RecordHeader");

    /** Schemas in which a config may be null, for its default. */
    private static final Set<String> TOPIC_WISHES = Set.of("CreateTopic", "ChangeTopic");

    /** Properties of answers that are there only where they have something to say. */
    private static final Set<String> SOMETIMES = Set.of("outcome", "errors_omitted");

    /** The frame that the calls are put into. */
    static OpenAPI frame() {
        return new OpenAPI()
                .info(new Info()
                        .title("Naru broker")
                        .version("v1")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0"))
                        .description("""
                                Write, read and follow streams of records over HTTP. Times are epoch milliseconds; offsets are 64-bit \
                                integers. Unknown fields and parameters are refused. Every failure is `application/problem+json` (RFC 9457) \
                                with `error_code`, `retriable` and, for writes, `outcome`."""))
                .servers(List.of(new Server().url("/").description("Any broker answers any call")))
                .components(new Components());
    }

    /** In the order of a first visit. */
    private static List<Tag> chapters() {
        return List.of(
                new Tag().name("Topics").description("Create, describe, change and delete topics"),
                new Tag().name("Produce").description("Write records"),
                new Tag().name("Read").description("Read records page by page, or follow them"),
                new Tag().name("Cluster").description("Brokers, coordinators and how they fare"),
                new Tag().name("Index").description("The way in"));
    }

    @Override
    public void customise(OpenAPI api) {
        api.setTags(chapters());
        ModelConverters.getInstance(true)
                .read(ProblemSchema.class)
                .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
        api.getPaths().values().forEach(path -> path.readOperations().forEach(PublishedContract::describe));
        api.getComponents().getSchemas().forEach(PublishedContract::mend);
    }

    private static void describe(Operation operation) {
        if (operation.getParameters() != null) {
            for (Parameter parameter : operation.getParameters()) {
                if (parameter.getDescription() == null) {
                    parameter.setDescription(PATH_PARAMETERS.get(parameter.getName()));
                }
            }
        }
        describeFailures(operation);
    }

    /** Says what annotations cannot: that a list is only a list, what may be null, and what is always there. */
    @SuppressWarnings("rawtypes")
    private static void mend(String name, Schema<?> schema) {
        if (schema.getItems() != null) {
            schema.setTypes(Set.of("array"));
            schema.setProperties(null);
        }
        if (schema.getAdditionalProperties() instanceof Schema<?> values) {
            // The one map with a name of its own is that of a record's headers, whose values may be null.
            values.setTypes(ordered("string", "null"));
            schema.setProperties(null);
        }
        Map<String, Schema> properties = schema.getProperties();
        if (properties == null) {
            return;
        }
        Schema configs = properties.get("configs");
        if (TOPIC_WISHES.contains(name)
                && configs != null
                && configs.getAdditionalProperties() instanceof Schema<?> values) {
            values.setTypes(ordered("string", "null"));
        }
        properties.replaceAll(
                (_, property) -> mayBeNull(property) && property.get$ref() != null ? eitherOrNull(property) : property);
        if (schema.getRequired() == null && !SENT_IN_PARTS.contains(name)) {
            schema.setRequired(properties.keySet().stream()
                    .filter(property -> !SOMETIMES.contains(property))
                    .toList());
        }
    }

    private static Set<String> ordered(String... types) {
        return new LinkedHashSet<>(List.of(types));
    }

    private static boolean mayBeNull(Schema<?> property) {
        return property.getTypes() != null && property.getTypes().contains("null");
    }

    private static Schema<?> eitherOrNull(Schema<?> reference) {
        return new Schema<>()
                .description(reference.getDescription())
                .addAnyOfItem(new Schema<>().$ref(reference.get$ref()))
                .addAnyOfItem(new Schema<>().types(Set.of("null")));
    }

    private static void describeFailures(Operation operation) {
        operation.getResponses().forEach((status, response) -> {
            if (status.startsWith("4") || status.startsWith("5")) {
                describeFailure(response);
            }
        });
        if (!operation.getResponses().containsKey(ApiResponses.DEFAULT)) {
            var other = new ApiResponse().description("Any other failure");
            describeFailure(other);
            operation.getResponses().addApiResponse(ApiResponses.DEFAULT, other);
        }
    }

    /** Whatever a call answers when all is well, a failure is a problem; one that says more keeps its own schema. */
    private static void describeFailure(ApiResponse response) {
        Content described = response.getContent();
        if (described == null || !described.containsKey(Problem.MEDIA_TYPE)) {
            response.setContent(new Content()
                    .addMediaType(Problem.MEDIA_TYPE, new MediaType().schema(new Schema<>().$ref(PROBLEM))));
        }
    }
}

package io.naru.coordinator.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes the records that services exchange as they are on the wire: names in snake_case, a component required
 * unless it is {@link Nullable}, a nested record named with its surroundings.
 */
final class RecordModels extends ModelResolver {
    RecordModels() {
        super(snakeCase(), new NestedNames());
    }

    private static ObjectMapper snakeCase() {
        return Json.mapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    }

    @Override
    public Schema<?> resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        Schema<?> resolved = super.resolve(type, context, next);
        Class<?> raw =
                TypeFactory.defaultInstance().constructType(type.getType()).getRawClass();
        if (raw.isRecord()) {
            Schema<?> model = context.getDefinedModels().get(NestedNames.of(raw));
            if (model != null) {
                model.setRequired(required(raw));
            }
        }
        return resolved;
    }

    private static List<String> required(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> !isNullable(component))
                .map(component -> PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName()))
                .toList();
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** {@code Heartbeat.Answer} is {@code HeartbeatAnswer}: many records have an inner one called so. */
    private static final class NestedNames extends TypeNameResolver {
        static String of(Class<?> type) {
            Class<?> outer = type.getEnclosingClass();
            return (outer == null ? "" : of(outer)) + type.getSimpleName();
        }

        @Override
        protected String nameForClass(Class<?> type, Set<Options> options) {
            return of(type);
        }
    }
}

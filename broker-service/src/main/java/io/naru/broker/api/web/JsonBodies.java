package io.naru.broker.api.web;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads the JSON bodies of calls that manage things into records. Strict: unknown and doubled fields, text where a
 * number belongs and trailing text are refused by name. Thread-safe. Not for records on their way into a topic.
 */
public final class JsonBodies {
    private final RequestBodies bodies;
    private final JsonMapper mapper;

    public JsonBodies(RequestBodies bodies, HttpLimits limits) {
        this.bodies = bodies;
        this.mapper = mapper(limits.maxJsonDepth());
    }

    private static JsonMapper mapper(int maxDepth) {
        var constraints =
                StreamReadConstraints.builder().maxNestingDepth(maxDepth).build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .withCoercionConfig(
                        LogicalType.Integer,
                        coercion -> coercion.setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    /** The body as a {@code type}, which must be a record of the API; fails with a 4xx that says what is wrong. */
    public <T> Mono<T> read(ServerHttpRequest request, Class<T> type) {
        NaruException refusal = refusalOf(request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE));
        return refusal != null
                ? Mono.error(refusal)
                : bodies.read(request, body -> Mono.fromCallable(() -> parse(body, type)));
    }

    private static @Nullable NaruException refusalOf(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        String essence = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        if (essence.equals("application/json") || essence.equals("application/merge-patch+json")) {
            return null;
        }
        return new NaruException(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                (essence.isEmpty() ? "The Content-Type is missing" : "Content-Type " + essence + " is not taken here")
                        + "; send application/json (curl: --json instead of -d).");
    }

    private <T> T parse(byte[] body, Class<T> type) {
        try {
            T parsed = mapper.readValue(body, type);
            if (parsed == null) {
                throw new NaruException(ErrorCode.INVALID_REQUEST, "The body is null; send a JSON object.");
            }
            return parsed;
        } catch (PropertyBindingException e) {
            throw new NaruException(
                    ErrorCode.UNKNOWN_FIELD,
                    "There is no field '" + e.getPropertyName() + "' here; there is " + names(e.getKnownPropertyIds())
                            + ".");
        } catch (StreamReadException e) {
            throw new NaruException(
                    ErrorCode.INVALID_JSON, "The body is no JSON: " + e.getOriginalMessage() + place(e));
        } catch (DatabindException e) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST, "The body does not fit" + field(e) + ": " + e.getOriginalMessage());
        } catch (JacksonException e) {
            throw new NaruException(ErrorCode.INVALID_JSON, "The body is no JSON: " + e.getOriginalMessage());
        }
    }

    private static String names(@Nullable Collection<Object> known) {
        var sorted = new TreeSet<String>();
        if (known != null) {
            known.forEach(name -> sorted.add(name.toString()));
        }
        return String.join(", ", sorted);
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line %d, column %d)"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }

    private static String field(DatabindException e) {
        return e.getPath().isEmpty()
                ? ""
                : " in the field '" + e.getPath().getLast().getPropertyName() + "'";
    }
}

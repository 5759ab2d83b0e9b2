package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * One failure as callers see it (RFC 9457).
 *
 * @param detail what happened, what it means and what to do
 * @param properties facts for programs, in snake_case
 */
record Problem(ErrorCode code, String detail, Map<String, ?> properties) {
    /** The media type of an answer that is a problem. */
    static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    Problem(ErrorCode code, String detail) {
        this(code, detail, Map.of());
    }

    static Problem of(NaruException refusal) {
        return new Problem(refusal.code(), refusal.detail(), refusal.properties());
    }

    /** The problem that a bare HTTP status stands for, where nobody said more. */
    static Problem of(int status, String path) {
        return switch (status) {
            case 404 -> new Problem(ErrorCode.PATH_NOT_FOUND, notFound(path));
            case 405 -> new Problem(ErrorCode.METHOD_NOT_ALLOWED, "This method is not taken here.");
            case 406 -> new Problem(ErrorCode.NOT_ACCEPTABLE, "None of the types that Accept names can be had here.");
            case 413 -> new Problem(ErrorCode.BODY_TOO_LARGE, "The body is too large.");
            case 415 -> new Problem(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The Content-Type is not taken here.");
            case 503 -> new Problem(ErrorCode.SHUTTING_DOWN, "This coordinator is starting or stopping.");
            default ->
                status < 500
                        ? new Problem(
                                ErrorCode.INVALID_REQUEST, "The request is not well-formed HTTP, or not for here.")
                        : new Problem(ErrorCode.INTERNAL, "The coordinator failed to answer; its log says why.");
        };
    }

    static String notFound(String path) {
        return "There is nothing at " + path + ". /openapi describes what there is.";
    }

    /** The stable name of the kind of problem, for instance {@code urn:naru:problem:topic-not-found}. */
    String type() {
        return "urn:naru:problem:" + code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * This problem as one JSON object.
     *
     * @param ofWrite whether the request would have changed something; {@code outcome} is told only then
     */
    byte[] toJson(boolean ofWrite) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("type", type());
        fields.put("title", code.title());
        fields.put("status", code.httpStatus());
        fields.put("detail", detail);
        fields.put("error_code", code.code());
        fields.put("retriable", code.retriable());
        if (ofWrite) {
            fields.put("outcome", code.outcome().name().toLowerCase(Locale.ROOT));
        }
        fields.putAll(properties);
        return JSON.writeValueAsBytes(fields);
    }

    /** Whether a request with this method would change something. */
    static boolean isWrite(String method) {
        return !method.equals("GET") && !method.equals("HEAD") && !method.equals("OPTIONS") && !method.equals("TRACE");
    }
}

package io.naru.broker.api.error;

import io.naru.broker.api.json.JsonBuffer;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.Locale;
import java.util.Map;

/**
 * One failure as callers see it (RFC 9457).
 *
 * @param detail what happened, what it means and what to do
 * @param properties facts for programs, in snake_case
 */
public record Problem(ErrorCode code, String detail, Map<String, ?> properties) {
    /** The media type of an answer that is a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** What {@code type} begins with: a name, not an address, so that it stays true wherever the docs move to. */
    public static final String TYPE_PREFIX = "urn:naru:problem:";

    public Problem(ErrorCode code, String detail) {
        this(code, detail, Map.of());
    }

    public static Problem of(NaruException refusal) {
        return new Problem(refusal.code(), refusal.detail(), refusal.properties());
    }

    /** The stable name of the kind of problem, for instance {@code urn:naru:problem:topic-not-found}. */
    public String type() {
        return TYPE_PREFIX + code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Writes this problem as one JSON object.
     *
     * @param ofWrite whether the request would have changed something; {@code outcome} is told only then
     */
    public void writeTo(JsonBuffer json, boolean ofWrite) {
        json.beginObject();
        writeFieldsTo(json, ofWrite);
        json.endObject();
    }

    /** Like {@link #writeTo}, into an object that the caller has begun. */
    public void writeFieldsTo(JsonBuffer json, boolean ofWrite) {
        json.field("type", type())
                .field("title", code.title())
                .field("status", code.httpStatus())
                .field("detail", detail)
                .field("error_code", code.code())
                .field("retriable", code.retriable());
        if (ofWrite) {
            json.field("outcome", code.outcome().name().toLowerCase(Locale.ROOT));
        }
        properties.forEach((name, value) -> json.field(name).any(value));
    }
}

package io.naru.broker.api.v1.produce;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpHeaders;

/** What a produce body is, as its content type says. */
enum BodyKind {
    /** {@code {"records": […]}}. */
    JSON,
    /** A record a line, streamed both ways. */
    NDJSON,
    /** One record's value, verbatim. */
    ONE_VALUE;

    /** Types that mean more than bytes, and that nothing here understands: kept as a value they would lie. */
    private static final List<String> OTHER_ENVELOPES =
            List.of("application/cloudevents", "application/vnd.naru.", "application/vnd.kafka.");

    /** Headers that ask for a promise that is not given here; ignoring them would give it. */
    private static final List<String> UNKNOWN_PROMISES = List.of("Producer-Id", "Producer-Epoch", "Producer-Seq");

    /**
     * The kind of a request's body.
     *
     * @throws NaruException {@code UNSUPPORTED_MEDIA_TYPE}, or {@code INVALID_REQUEST} for headers that ask for what is
     *     not to be had
     */
    static BodyKind of(HttpHeaders headers) {
        for (String header : UNKNOWN_PROMISES) {
            if (headers.containsHeader(header)) {
                throw new NaruException(
                        ErrorCode.INVALID_REQUEST,
                        "The header " + header + " has no effect here; leave it out. A write that is sent twice may be"
                                + " stored twice.");
            }
        }
        if (headers.containsHeader("ce-specversion")) {
            throw unsupported("CloudEvents are not taken; send the event's data, and its attributes as"
                    + " Record-Header-* headers.");
        }
        String given = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (given == null) {
            return ONE_VALUE;
        }
        String type = given.toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        String essence = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        return switch (essence) {
            case "application/json" -> inUtf8(JSON, type);
            case "application/x-ndjson", "application/ndjson" -> inUtf8(NDJSON, type);
            case "application/x-www-form-urlencoded" ->
                throw unsupported("application/x-www-form-urlencoded, which curl -d sends unasked, is not taken. Send"
                        + " records with curl --json, or any text as one value with -H 'Content-Type: text/plain'.");
            default -> {
                if (OTHER_ENVELOPES.stream().anyMatch(essence::startsWith)) {
                    throw unsupported("Content-Type " + essence + " is not taken; send application/json,"
                            + " application/x-ndjson, or one value under another type.");
                }
                yield ONE_VALUE;
            }
        };
    }

    private static BodyKind inUtf8(BodyKind kind, String type) {
        int charset = type.indexOf("charset=");
        if (charset >= 0) {
            String name = type.substring(charset + "charset=".length()).replace("\"", "");
            if (!name.strip().startsWith("utf-8")) {
                throw unsupported("JSON is taken in UTF-8 only.");
            }
        }
        return kind;
    }

    private static NaruException unsupported(String detail) {
        return new NaruException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, detail);
    }
}

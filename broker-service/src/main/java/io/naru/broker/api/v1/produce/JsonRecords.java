package io.naru.broker.api.v1.produce;

import io.naru.broker.api.json.JsonScanner;
import io.naru.broker.api.json.JsonSyntaxException;
import io.naru.broker.api.web.HttpLimits;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the body {@code {"records": […]}} into batches. One object reads one body, on one thread. */
final class JsonRecords {
    private static final byte[] RECORDS = "records".getBytes(StandardCharsets.US_ASCII);

    private final HttpLimits limits;
    private final BatchAssembler batches;
    private final RecordSlot slot = new RecordSlot();
    private final RecordErrors errors = new RecordErrors();
    private final JsonScanner scanner;
    private final RecordParser parser;
    private int index = -1;

    JsonRecords(HttpLimits limits, BatchAssembler batches) {
        this.limits = limits;
        this.batches = batches;
        this.scanner = new JsonScanner(limits.maxJsonDepth());
        this.parser = new RecordParser(scanner, slot);
    }

    /**
     * Reads all of {@code body}, and changes it where strings have escapes.
     *
     * @throws NaruException if any record is refused or the body is not of this form, with {@code errors[].index} where
     *     records are at fault
     */
    void read(byte[] body) {
        scanner.reset(body, 0, body.length);
        try {
            readBody();
        } catch (JsonSyntaxException e) {
            String detail = "The body is no JSON: " + e.detail() + ".";
            if (index >= 0) {
                errors.add(index, ErrorCode.INVALID_JSON, detail);
            }
            throw errors.refusal(ErrorCode.INVALID_JSON, detail + " Nothing was stored.");
        }
        if (!errors.isEmpty()) {
            throw errors.refusal();
        }
        if (batches.count() == 0) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST, "The list 'records' is missing or empty; there is nothing to store.");
        }
    }

    private void readBody() {
        scanner.expect('{');
        boolean found = false;
        if (!scanner.accept('}')) {
            do {
                scanner.readString();
                if (!scanner.stringIs(RECORDS)) {
                    throw new NaruException(
                            ErrorCode.UNKNOWN_FIELD,
                            "There is a field here other than 'records', which is the only one of the body.");
                }
                if (found) {
                    throw new NaruException(ErrorCode.INVALID_JSON, "The field 'records' is given twice.");
                }
                found = true;
                scanner.expect(':');
                readRecords();
            } while (scanner.accept(','));
            scanner.expect('}');
        }
        scanner.expectEnd();
    }

    private void readRecords() {
        if (scanner.peek() != '[') {
            scanner.skipValue();
            throw new NaruException(ErrorCode.INVALID_REQUEST, "The field 'records' takes a list of records.");
        }
        scanner.expect('[');
        if (scanner.accept(']')) {
            return;
        }
        do {
            index++;
            if (index == limits.maxRequestRecords()) {
                throw new NaruException(
                        ErrorCode.BODY_TOO_LARGE,
                        "There are more than the %d records of http.max-request-records. Send them in several requests,"
                                        .formatted(limits.maxRequestRecords())
                                + " or as application/x-ndjson, which has no such bound. Nothing was stored.");
            }
            readRecord();
        } while (scanner.accept(','));
        scanner.expect(']');
        index = -1;
    }

    private void readRecord() {
        @Nullable String problem = parser.read();
        if (problem != null) {
            errors.add(index, ErrorCode.INVALID_RECORD, problem);
            return;
        }
        NaruException refusal = batches.add(slot);
        if (refusal != null) {
            errors.add(index, refusal.code(), refusal.detail());
        }
    }
}

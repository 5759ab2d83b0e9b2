package io.naru.broker.api.v1.produce;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with the records of one body. Keeps the first hundred and counts the rest. Not thread-safe. */
final class RecordErrors {
    private static final int MOST_KEPT = 100;

    private final List<Map<String, Object>> kept = new ArrayList<>(1);
    private int count;
    private int tooLarge;
    private String first = "";

    boolean isEmpty() {
        return count == 0;
    }

    /** Notes that the record at {@code index} of the body is refused. */
    void add(int index, ErrorCode code, String detail) {
        if (count == 0) {
            first = "Record " + index + ": " + detail;
        }
        if (kept.size() < MOST_KEPT) {
            var error = new LinkedHashMap<String, Object>();
            error.put("index", index);
            error.put("error_code", code.code());
            error.put("detail", detail);
            kept.add(error);
        }
        count++;
        tooLarge += code == ErrorCode.RECORD_TOO_LARGE ? 1 : 0;
    }

    /** The refusal of the whole body. */
    NaruException refusal() {
        ErrorCode code = tooLarge == count ? ErrorCode.RECORD_TOO_LARGE : ErrorCode.INVALID_RECORD;
        return refusal(
                code, (count == 1 ? first : first + " " + (count - 1) + " more are refused.") + " Nothing was stored.");
    }

    /** The refusal of a body that stops being JSON after the errors noted so far. */
    NaruException refusal(ErrorCode code, String detail) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("errors", kept);
        if (count > kept.size()) {
            properties.put("errors_omitted", count - kept.size());
        }
        return new NaruException(code, detail, properties);
    }
}

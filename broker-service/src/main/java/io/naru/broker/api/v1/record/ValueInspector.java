package io.naru.broker.api.v1.record;

import io.naru.broker.api.json.JsonScanner;
import io.naru.broker.api.json.JsonSyntaxException;
import io.naru.broker.api.json.Utf8;
import io.naru.broker.api.web.HttpLimits;

/** Finds the shape of values by looking at their bytes. Reusable; confined to one thread at a time. */
public final class ValueInspector {
    // As deep as anything that could have been taken for JSON when it came; a deeper text is shown as text.
    private final JsonScanner scanner = new JsonScanner(HttpLimits.DEEPEST_JSON);

    /**
     * The shape these bytes are shown in. Null is text because a bare null in {@code value} is the tombstone's sign.
     */
    public ValueShape shapeOf(byte[] bytes, int offset, int length) {
        if (!Utf8.isValid(bytes, offset, offset + length)) {
            return ValueShape.BASE64;
        }
        return mayBeginJson(bytes, offset, length) && isOneJsonText(bytes, offset, length)
                ? ValueShape.JSON
                : ValueShape.TEXT;
    }

    /** A cheap look at the first byte that matters spares ordinary text the scanner and its exception. */
    private static boolean mayBeginJson(byte[] bytes, int offset, int length) {
        for (int at = offset; at < offset + length; at++) {
            switch (bytes[at]) {
                case ' ', '\t', '\n', '\r' -> {}
                case '{', '[', '"', '-', 't', 'f' -> {
                    return true;
                }
                default -> {
                    return bytes[at] >= '0' && bytes[at] <= '9';
                }
            }
        }
        return false;
    }

    private boolean isOneJsonText(byte[] bytes, int offset, int length) {
        try {
            scanner.reset(bytes, offset, offset + length);
            scanner.skipValue();
            scanner.expectEnd();
            return true;
        } catch (JsonSyntaxException _) {
            return false;
        }
    }
}

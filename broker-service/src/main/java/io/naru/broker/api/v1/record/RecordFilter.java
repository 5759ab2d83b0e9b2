package io.naru.broker.api.v1.record;

import io.naru.commitlog.batch.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which records a reader wants: those with a certain key, and with a header of a certain name and value for each
 * header asked for. Compares UTF-8 bytes, exactly. Immutable and thread-safe.
 */
public final class RecordFilter {
    /** Every record. */
    public static final RecordFilter NONE = new RecordFilter(null, List.of());

    private final byte @Nullable [] key;
    private final List<Header> headers;

    private static final class Header {
        final byte[] name;
        final byte[] value;

        Header(String name, String value) {
            this.name = utf8(name);
            this.value = utf8(value);
        }
    }

    private RecordFilter(byte @Nullable [] key, List<Header> headers) {
        this.key = key;
        this.headers = headers;
    }

    /**
     * Records with this key (null for any key) that have all these headers; of two values of one name a record needs
     * both.
     */
    public static RecordFilter of(@Nullable String key, Map<String, List<String>> headers) {
        var wanted = new ArrayList<Header>();
        headers.forEach((name, values) -> values.forEach(value -> wanted.add(new Header(name, value))));
        return key == null && wanted.isEmpty() ? NONE : new RecordFilter(key == null ? null : utf8(key), wanted);
    }

    /** Whether there is anything to pass over, so that a reader may scan much and find little. */
    public boolean isSelective() {
        return key != null || !headers.isEmpty();
    }

    /** Whether the record a cursor stands on is wanted. */
    public boolean matches(RecordCursor at) {
        if (key != null && !same(key, at.array(), at.keyOffset(), at.keyLength())) {
            return false;
        }
        for (Header header : headers) {
            if (!has(header, at)) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(Header header, RecordCursor at) {
        for (int i = 0; i < at.headerCount(); i++) {
            if (same(header.name, at.array(), at.headerNameOffset(i), at.headerNameLength(i))
                    && same(header.value, at.array(), at.headerValueOffset(i), at.headerValueLength(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(byte[] wanted, byte[] bytes, int offset, int length) {
        return length == wanted.length && Arrays.equals(bytes, offset, offset + length, wanted, 0, length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.naru.broker.api.web;

import io.naru.broker.api.json.Utf8;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The query of one request, decoded strictly: what is no UTF-8 is refused rather than replaced, since a key would
 * otherwise be stored as something else than was sent. Immutable.
 */
public final class Query {
    private static final Query EMPTY = new Query(List.of(), List.of());

    private final List<String> names;
    private final List<String> values;

    private Query(List<String> names, List<String> values) {
        this.names = names;
        this.values = values;
    }

    /**
     * The query of a request.
     *
     * @throws NaruException {@code INVALID_PARAMETER} if it is no percent-encoded UTF-8
     */
    public static Query of(ServerHttpRequest request) {
        return parse(request.getURI().getRawQuery());
    }

    static Query parse(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return EMPTY;
        }
        var names = new ArrayList<String>(4);
        var values = new ArrayList<String>(4);
        int from = 0;
        while (from <= raw.length()) {
            int to = raw.indexOf('&', from);
            to = to < 0 ? raw.length() : to;
            if (to > from) {
                int equals = raw.indexOf('=', from);
                boolean bare = equals < 0 || equals > to;
                names.add(decode(raw, from, bare ? to : equals));
                values.add(bare ? "" : decode(raw, equals + 1, to));
            }
            from = to + 1;
        }
        return new Query(names, values);
    }

    /** How many parameters there are, repeated ones counted each. */
    public int size() {
        return names.size();
    }

    /** The name of the parameter at {@code index}, in the order of the request. */
    public String name(int index) {
        return names.get(index);
    }

    /** The value of the parameter at {@code index}; empty when it has none. */
    public String value(int index) {
        return values.get(index);
    }

    int indexOf(String name) {
        return names.indexOf(name);
    }

    /** The first value of a parameter, or null when it is not there. */
    public @Nullable String get(String name) {
        int index = names.indexOf(name);
        return index < 0 ? null : values.get(index);
    }

    private static String decode(String raw, int from, int to) {
        boolean plain = true;
        for (int i = from; i < to && plain; i++) {
            char c = raw.charAt(i);
            plain = c != '%' && c != '+' && c < 0x80;
        }
        return plain ? raw.substring(from, to) : decodeEscapes(raw, from, to);
    }

    private static String decodeEscapes(String raw, int from, int to) {
        var bytes = new byte[to - from];
        int size = 0;
        for (int i = from; i < to; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes[size++] = hexPair(raw, i + 1, to);
                i += 2;
            } else if (c == '+') {
                bytes[size++] = ' ';
            } else if (c < 0x100) {
                // An HTTP server reads the request line as Latin-1; what came unescaped is a byte.
                bytes[size++] = (byte) c;
            } else {
                throw malformed();
            }
        }
        if (!Utf8.isValid(bytes, 0, size)) {
            throw malformed();
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private static byte hexPair(String raw, int at, int to) {
        int high = at + 1 < to ? Character.digit(raw.charAt(at), 16) : -1;
        int low = at + 1 < to ? Character.digit(raw.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw malformed();
        }
        return (byte) (high << 4 | low);
    }

    private static NaruException malformed() {
        return new NaruException(ErrorCode.INVALID_PARAMETER, "The query string is no percent-encoded UTF-8.");
    }
}

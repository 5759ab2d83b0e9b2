package io.naru.broker.api.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a JSON answer in the making. Commas are set by themselves, so that a caller writes fields one after the
 * other. Not thread-safe.
 */
public final class JsonBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;

    /** An empty buffer that can take {@code capacity} bytes before it grows. */
    public JsonBuffer(int capacity) {
        bytes = new byte[Math.max(capacity, 32)];
    }

    public int size() {
        return size;
    }

    /** What has been written, in an array of just that size or the buffer's own, which then must not be used again. */
    public byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    public JsonBuffer beginObject() {
        separate();
        return raw('{');
    }

    public JsonBuffer endObject() {
        return raw('}');
    }

    public JsonBuffer beginArray() {
        separate();
        return raw('[');
    }

    public JsonBuffer endArray() {
        return raw(']');
    }

    /** Ends a line of line-framed output; the next value starts afresh. */
    public JsonBuffer endLine() {
        return raw('\n');
    }

    /** A field's name; its value follows. */
    public JsonBuffer field(String name) {
        separate();
        quoted(name);
        return raw(':');
    }

    public JsonBuffer field(String name, long value) {
        return field(name).value(value);
    }

    public JsonBuffer field(String name, boolean value) {
        return field(name).value(value);
    }

    public JsonBuffer field(String name, @Nullable String value) {
        return field(name).value(value);
    }

    public JsonBuffer value(long value) {
        separate();
        if (value == Long.MIN_VALUE) {
            return ascii("-9223372036854775808");
        }
        makeRoom(20);
        long rest = value;
        if (rest < 0) {
            bytes[size++] = '-';
            rest = -rest;
        }
        int digits = digits(rest);
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    public JsonBuffer value(boolean value) {
        separate();
        return ascii(value ? "true" : "false");
    }

    public JsonBuffer value(@Nullable String value) {
        separate();
        if (value == null) {
            return ascii("null");
        }
        quoted(value);
        return this;
    }

    /**
     * Any value made of nulls, booleans, whole numbers, texts, maps with text keys, and collections; other things are
     * written as their text.
     */
    public JsonBuffer any(@Nullable Object value) {
        switch (value) {
            case null -> value((String) null);
            case Boolean b -> value(b.booleanValue());
            case Long n -> value(n.longValue());
            case Integer n -> value(n.longValue());
            case Map<?, ?> map -> {
                beginObject();
                map.forEach((name, part) -> field(String.valueOf(name)).any(part));
                endObject();
            }
            case Collection<?> parts -> {
                beginArray();
                parts.forEach(this::any);
                endArray();
            }
            default -> value(value.toString());
        }
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Sets a comma unless what stands before opens something, names a field, or ends a line. */
    private void separate() {
        if (size > 0) {
            switch (bytes[size - 1]) {
                case '{', '[', ':', ',', '\n' -> {}
                default -> raw(',');
            }
        }
    }

    private void quoted(String value) {
        raw('"');
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
                raw(c);
            } else {
                i += escaped(value, i);
            }
        }
        raw('"');
    }

    /** Writes a character that is not plain ASCII; answers how many more than one it took from the text. */
    private int escaped(String value, int at) {
        char c = value.charAt(at);
        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
            control(c);
            return 0;
        }
        int codePoint = value.codePointAt(at);
        if (Character.isSurrogate(c) && codePoint < 0x10000) {
            codePoint = 0xfffd;
        }
        makeRoom(4);
        size = Utf8.encode(codePoint, bytes, size);
        return codePoint > 0xffff ? 1 : 0;
    }

    private void control(char c) {
        switch (c) {
            case '"' -> ascii("\\\"");
            case '\\' -> ascii("\\\\");
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            default -> {
                ascii("\\u00");
                raw((char) HEX[c >> 4]);
                raw((char) HEX[c & 15]);
            }
        }
    }

    private JsonBuffer ascii(String text) {
        int length = text.length();
        makeRoom(length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) text.charAt(i);
        }
        size += length;
        return this;
    }

    private JsonBuffer raw(char c) {
        makeRoom(1);
        bytes[size++] = (byte) c;
        return this;
    }

    private void makeRoom(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }
}

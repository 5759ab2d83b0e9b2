package io.naru.broker.api.json;

import java.util.Arrays;

/**
 * Walks over one JSON text (RFC 8259, UTF-8) where it lies in a byte array, checks every byte of it, and tells where
 * its parts begin and end. Reusable, not thread-safe, allocates nothing.
 *
 * <p>Written for the produce path, where a value is stored as the very bytes that came: a general parser would decode
 * names and numbers that nobody looks at, keep them in its symbol table, and let overlong UTF-8 pass. Stricter than the
 * grammar in three ways: texts nested deeper than a bound, a byte order mark, and unpaired surrogates in strings that
 * are decoded are refused.
 *
 * <p>{@link #readString} removes escapes in place, which never needs more bytes than it finds; the text is the
 * scanner's to change, but values that were only {@linkplain #skipValue skipped} stay as they came.
 */
public final class JsonScanner {
    private static final byte PLAIN = 0;
    private static final byte QUOTE = 1;
    private static final byte BACKSLASH = 2;
    private static final byte CONTROL = 3;
    private static final byte MULTI_BYTE = 4;

    /** What a byte means inside a string. */
    private static final byte[] IN_STRING = new byte[256];

    static {
        Arrays.fill(IN_STRING, 0, 0x20, CONTROL);
        Arrays.fill(IN_STRING, 0x80, 0x100, MULTI_BYTE);
        IN_STRING['"'] = QUOTE;
        IN_STRING['\\'] = BACKSLASH;
    }

    private final int maxDepth;
    private byte[] text = new byte[0];
    private int start;
    private int end;
    private int at;
    private int stringOffset;
    private int stringLength;

    /** A scanner of texts nested at most {@code maxDepth} deep. */
    public JsonScanner(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /** Begins at the first byte of the text that lies in {@code bytes} from {@code from} up to {@code to}. */
    public void reset(byte[] bytes, int from, int to) {
        text = bytes;
        start = from;
        end = to;
        at = from;
    }

    /** The index in the array of the next byte to look at. */
    public int position() {
        return at;
    }

    public byte[] array() {
        return text;
    }

    /** Where the string that {@link #readString} read lies in the array, without quotes and escapes. */
    public int stringOffset() {
        return stringOffset;
    }

    public int stringLength() {
        return stringLength;
    }

    /** Whether the string that was read last is these bytes. */
    public boolean stringIs(byte[] expected) {
        return Arrays.equals(text, stringOffset, stringOffset + stringLength, expected, 0, expected.length);
    }

    /** The next byte that is no white space, not consumed; 0 at the end of the text. */
    public byte peek() {
        while (at < end) {
            byte b = text[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                if (b == 0) {
                    throw problem("There is a NUL byte; JSON is sent as UTF-8");
                }
                return b;
            }
            at++;
        }
        return 0;
    }

    /** Consumes the next byte that is no white space if it is {@code wanted}. */
    public boolean accept(char wanted) {
        if (peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /**
     * Consumes {@code wanted}.
     *
     * @throws JsonSyntaxException if something else stands there
     */
    public void expect(char wanted) {
        if (!accept(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    /** Makes sure that nothing but white space is left. */
    public void expectEnd() {
        if (peek() != 0) {
            throw unexpected("the end of the text");
        }
    }

    /** Consumes the literal {@code null} if it stands there. */
    public boolean acceptNull() {
        if (peek() != 'n') {
            return false;
        }
        literal("null");
        return true;
    }

    /** Checks and passes over any value; white space before it is passed over too, that after it is not. */
    public void skipValue() {
        skipValue(0);
    }

    private void skipValue(int depth) {
        switch (peek()) {
            case '"' -> skipString();
            case '{' -> skipObject(deeper(depth));
            case '[' -> skipArray(deeper(depth));
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber();
            default -> throw unexpected("a value");
        }
    }

    private int deeper(int depth) {
        if (depth == maxDepth) {
            throw problem("The text is nested deeper than " + maxDepth + " levels");
        }
        return depth + 1;
    }

    private void skipObject(int depth) {
        at++;
        if (accept('}')) {
            return;
        }
        do {
            if (peek() != '"') {
                throw unexpected("a field name in quotes");
            }
            skipString();
            expect(':');
            skipValue(depth);
        } while (accept(','));
        expect('}');
    }

    private void skipArray(int depth) {
        at++;
        if (accept(']')) {
            return;
        }
        do {
            skipValue(depth);
        } while (accept(','));
        expect(']');
    }

    /**
     * Consumes a string and decodes it in place; see {@link #stringOffset} and {@link #stringLength}.
     *
     * @throws JsonSyntaxException if no string stands there or it cannot be written as UTF-8
     */
    public void readString() {
        if (peek() != '"') {
            throw unexpected("a string");
        }
        int begin = at + 1;
        int firstEscape = skipString();
        stringOffset = begin;
        stringLength = at - 1 - begin;
        if (firstEscape >= 0) {
            stringLength = JsonEscapes.decodeInPlace(text, firstEscape, at - 1, start) - begin;
        }
    }

    /** Passes over a string; answers where its first escape stands, or -1 if it has none. */
    private int skipString() {
        byte[] bytes = text;
        int limit = end;
        int firstEscape = -1;
        int i = at + 1;
        while (i < limit) {
            switch (IN_STRING[bytes[i] & 0xff]) {
                case PLAIN -> i++;
                case QUOTE -> {
                    at = i + 1;
                    return firstEscape;
                }
                case BACKSLASH -> {
                    firstEscape = firstEscape < 0 ? i : firstEscape;
                    i = skipEscape(i);
                }
                case MULTI_BYTE -> {
                    int length = Utf8.sequenceLength(bytes, i, limit);
                    if (length == 0) {
                        at = i;
                        throw problem("There is invalid UTF-8");
                    }
                    i += length;
                }
                default -> {
                    at = i;
                    throw problem(
                            "There is a raw control character in a string; write it as \\u%04x".formatted(bytes[i]));
                }
            }
        }
        at = limit;
        throw problem("The text ends inside a string");
    }

    private int skipEscape(int backslash) {
        at = backslash;
        if (backslash + 1 >= end) {
            throw problem("The text ends inside a string");
        }
        return switch (text[backslash + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> backslash + 2;
            case 'u' -> {
                if (backslash + 6 > end || JsonEscapes.hexAt(text, backslash + 2) < 0) {
                    throw problem("\\u stands without four hexadecimal digits");
                }
                yield backslash + 6;
            }
            default -> throw problem("There is no such escape in JSON");
        };
    }

    /**
     * Consumes a whole number.
     *
     * @throws ArithmeticException if the number there has a fraction or an exponent, or does not fit a long; it is
     *     consumed all the same
     * @throws JsonSyntaxException if no number stands there
     */
    public long readLong() {
        byte first = peek();
        if (first != '-' && (first < '0' || first > '9')) {
            throw unexpected("a number");
        }
        int begin = at;
        skipNumber();
        boolean negative = first == '-';
        long value = 0;
        for (int i = negative ? begin + 1 : begin; i < at; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new ArithmeticException("no whole number");
            }
            // Downward, so that the least long is not out of reach.
            value = Math.subtractExact(Math.multiplyExact(value, 10L), digit);
        }
        return negative ? value : Math.negateExact(value);
    }

    private void skipNumber() {
        if (text[at] == '-') {
            at++;
        }
        if (at < end && text[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (at < end && text[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (text[at] | 0x20) == 'e') {
            at++;
            if (at < end && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            digits();
        }
    }

    private void digits() {
        int from = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw unexpected("a digit");
        }
    }

    private void literal(String wanted) {
        int length = wanted.length();
        for (int i = 0; i < length; i++) {
            if (at + i >= end || text[at + i] != wanted.charAt(i)) {
                throw unexpected("a value");
            }
        }
        at += length;
    }

    private JsonSyntaxException unexpected(String wanted) {
        if (at >= end) {
            return problem("The text ends where " + wanted + " is expected");
        }
        int found = text[at] & 0xff;
        if (at == start && found == 0xef) {
            return problem("There is a byte order mark; send JSON without one");
        }
        String shown = found > 0x20 && found < 0x7f ? "'" + (char) found + "'" : "the byte 0x%02x".formatted(found);
        return problem("There is " + shown + " where " + wanted + " is expected");
    }

    private JsonSyntaxException problem(String problem) {
        return new JsonSyntaxException(at - start, problem);
    }
}

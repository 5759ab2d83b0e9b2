package io.naru.broker.api.json;

/** Turns the escapes of a JSON string into the bytes they stand for. */
final class JsonEscapes {
    private JsonEscapes() {}

    /**
     * Decodes the well-formed string contents from {@code from}, where its first escape stands, up to {@code to}, and
     * moves what follows each escape down behind it. Answers where the contents end now. No escape is shorter than
     * what it stands for, so nothing is overwritten before it is read.
     *
     * @param start where the whole text begins, for the position in errors
     * @throws JsonSyntaxException if an escaped surrogate lacks its other half, because UTF-8 cannot express it
     */
    static int decodeInPlace(byte[] text, int from, int to, int start) {
        int write = from;
        int read = from;
        while (read < to) {
            byte b = text[read];
            if (b != '\\') {
                text[write++] = b;
                read++;
            } else if (text[read + 1] != 'u') {
                text[write++] = meaning(text[read + 1]);
                read += 2;
            } else {
                int codePoint = hexAt(text, read + 2);
                int length = 6;
                if (Character.isSurrogate((char) codePoint)) {
                    codePoint = pair(text, read, to, start);
                    length = 12;
                }
                write = Utf8.encode(codePoint, text, write);
                read += length;
            }
        }
        return write;
    }

    /** The number that the four hexadecimal digits at {@code at} give, or -1 if one of them is none. */
    static int hexAt(byte[] text, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(text[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static int pair(byte[] text, int at, int to, int start) {
        char high = (char) hexAt(text, at + 2);
        if (Character.isHighSurrogate(high) && at + 12 <= to && text[at + 6] == '\\' && text[at + 7] == 'u') {
            char low = (char) hexAt(text, at + 8);
            if (Character.isLowSurrogate(low)) {
                return Character.toCodePoint(high, low);
            }
        }
        throw new JsonSyntaxException(
                at - start, "The surrogate \\u%04x stands without its other half".formatted((int) high));
    }

    private static byte meaning(byte escaped) {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escaped;
        };
    }
}

package io.naru.broker.api.json;

/** Checks UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    /** Whether the bytes from {@code from} up to {@code to} are well-formed. */
    public static boolean isValid(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (bytes[i] >= 0) {
                i++;
                continue;
            }
            int length = sequenceLength(bytes, i, to);
            if (length == 0) {
                return false;
            }
            i += length;
        }
        return true;
    }

    /**
     * The length, 2 to 4, of the well-formed sequence of several bytes that begins at {@code at}; 0 if it is malformed
     * or goes on beyond {@code limit}.
     */
    static int sequenceLength(byte[] bytes, int at, int limit) {
        int first = bytes[at] & 0xff;
        if (first < 0xc2 || first > 0xf4 || at + 1 >= limit) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        if (first < 0xe0) {
            return isContinuation(second) ? 2 : 0;
        }
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most || at + 2 >= limit || !isContinuation(bytes[at + 2])) {
            return 0;
        }
        if (first < 0xf0) {
            return 3;
        }
        return at + 3 < limit && isContinuation(bytes[at + 3]) ? 4 : 0;
    }

    /** Writes a code point that is no surrogate; answers the position after it. */
    static int encode(int codePoint, byte[] to, int at) {
        int next = at;
        if (codePoint < 0x80) {
            to[next++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            to[next++] = (byte) (0xc0 | codePoint >> 6);
            to[next++] = (byte) (0x80 | (codePoint & 0x3f));
        } else {
            if (codePoint < 0x10000) {
                to[next++] = (byte) (0xe0 | codePoint >> 12);
            } else {
                to[next++] = (byte) (0xf0 | codePoint >> 18);
                to[next++] = (byte) (0x80 | (codePoint >> 12 & 0x3f));
            }
            to[next++] = (byte) (0x80 | (codePoint >> 6 & 0x3f));
            to[next++] = (byte) (0x80 | (codePoint & 0x3f));
        }
        return next;
    }

    private static boolean isContinuation(int b) {
        return (b & 0xc0) == 0x80;
    }
}

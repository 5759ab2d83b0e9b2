package io.naru.broker.api.v1.cursor;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.TreeMap;

/** Reads one cursor. Strict: nothing but digits, colons and commas, no pair twice, no number that overflows. */
final class CursorParser {
    private final String text;
    private int at;

    CursorParser(String given) {
        if (given.length() > Cursor.MAX_LENGTH) {
            throw refused("it has " + given.length() + " characters and at most " + Cursor.MAX_LENGTH + " are read");
        }
        // A program may percent-encode a cursor where nobody decodes it again, as in a Last-Event-ID header.
        this.text = given.indexOf('%') < 0
                ? given
                : given.replace("%3A", ":")
                        .replace("%3a", ":")
                        .replace("%2C", ",")
                        .replace("%2c", ",");
    }

    Cursor parse() {
        if (text.isEmpty()) {
            throw refused("it is empty");
        }
        var pairs = new TreeMap<Integer, Long>();
        while (true) {
            int partition = (int) number(Integer.MAX_VALUE, "a partition number");
            expect(':');
            long offset = number(Long.MAX_VALUE, "an offset");
            if (pairs.put(partition, offset) != null) {
                throw refused("partition " + partition + " appears twice");
            }
            if (at == text.length()) {
                return new Cursor(pairs);
            }
            expect(',');
        }
    }

    private long number(long most, String what) {
        int start = at;
        long value = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            int digit = text.charAt(at) - '0';
            if (value > (most - digit) / 10) {
                throw refused(what + " at character " + (start + 1) + " is larger than " + most);
            }
            value = value * 10 + digit;
            at++;
        }
        if (at == start) {
            throw refused(what + " is missing at character " + (start + 1));
        }
        return value;
    }

    private void expect(char separator) {
        if (at == text.length() || text.charAt(at) != separator) {
            throw refused("'" + separator + "' is missing at character " + (at + 1));
        }
        at++;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static NaruException refused(String flaw) {
        return new NaruException(
                ErrorCode.INVALID_CURSOR,
                "The cursor cannot be read: " + flaw + ". A cursor is partition:next_offset pairs such as 0:43,1:17; "
                        + "send one back just as it came, or start with 'earliest' or 'latest'.");
    }
}

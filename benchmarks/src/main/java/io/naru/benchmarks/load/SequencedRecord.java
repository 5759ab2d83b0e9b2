package io.naru.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A produce body of one record whose JSON value carries a number, and the way to find that number again in whatever
 * the server sends back. The number is written with a fixed count of digits, so that requests are patched, not built.
 */
final class SequencedRecord {
    private static final byte[] MARK = "\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 12;
    private static final long BASE = 100_000_000_000L; // keeps the first digit from being 0, which JSON forbids

    private SequencedRecord() {}

    /** A body whose value has about {@code valueBytes} bytes (at least those of the number), with the number 0. */
    static byte[] body(int valueBytes) {
        String value = "{\"seq\":" + BASE + ",\"pad\":\"\"}";
        String padding = "x".repeat(Math.max(0, valueBytes - value.length()));
        return ("{\"records\":[{\"value\":" + value.replace("\"\"", "\"" + padding + "\"") + "}]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Prebuilt requests, one a connection, each patched with the number of the record it carries next. */
    static RequestSource source(byte[] request, int connections) {
        int at = digitsIn(request);
        ByteBuffer[] requests = new ByteBuffer[connections];
        for (int i = 0; i < connections; i++) {
            requests[i] = ByteBuffer.wrap(request.clone());
        }
        return (number, connection) -> {
            ByteBuffer patched = requests[connection];
            long rest = BASE + number;
            for (int i = DIGITS - 1; i >= 0; i--) {
                patched.put(at + i, (byte) ('0' + rest % 10));
                rest /= 10;
            }
            return patched.clear();
        };
    }

    private static int digitsIn(byte[] request) {
        for (int i = 0; i + MARK.length + DIGITS <= request.length; i++) {
            if (Arrays.equals(request, i, i + MARK.length, MARK, 0, MARK.length)) {
                return i + MARK.length;
            }
        }
        throw new IllegalArgumentException("the request has no number to patch");
    }

    /** Finds the numbers in a stream of bytes that comes in pieces. One per stream, for one thread. */
    static final class Scanner implements ResponseParser.Body {
        private final LongConsumer found;
        private int matched;
        private int digits;
        private long number;

        Scanner(LongConsumer found) {
            this.found = found;
        }

        @Override
        public void bytes(byte[] array, int from, int to) {
            for (int i = from; i < to; i++) {
                byte b = array[i];
                if (matched == MARK.length) {
                    digit(b);
                } else if (b == MARK[matched]) {
                    matched++;
                } else {
                    // The mark repeats only its quote, so that a mismatch can begin at most one new match.
                    matched = b == MARK[0] ? 1 : 0;
                }
            }
        }

        private void digit(byte b) {
            number = number * 10 + (b - '0');
            if (++digits == DIGITS) {
                found.accept(number - BASE);
                number = 0;
                digits = 0;
                matched = 0;
            }
        }
    }
}

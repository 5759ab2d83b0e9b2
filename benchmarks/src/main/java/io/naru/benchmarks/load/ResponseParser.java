package io.naru.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads HTTP/1.1 responses from whatever pieces the socket gives. Knows what the servers measured here send: a status
 * line, headers, and a body of a given length or in chunks. One per connection, used by one thread at a time, good for
 * any number of responses one after the other.
 */
final class ResponseParser {

    /** Takes the body as it comes. */
    @FunctionalInterface
    interface Body {
        /** Bytes from {@code from} (inclusive) to {@code to} (exclusive), valid during the call only. */
        void bytes(byte[] array, int from, int to);
    }

    private enum State {
        STATUS_LINE,
        HEADERS,
        SIZED_BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS
    }

    private static final int MAX_LINE_BYTES = 16 * 1024;

    private final Body body;
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private int lineLength;
    private State state = State.STATUS_LINE;
    private int status;
    private boolean chunked;
    private long remaining;

    ResponseParser(Body body) {
        this.body = body;
    }

    /** The status of the response that is being read, or was read last; 0 before its first line. */
    int status() {
        return status;
    }

    /** Whether the response's head has been read, so that {@link #status} is final and the body comes next. */
    boolean headComplete() {
        return state != State.STATUS_LINE && state != State.HEADERS;
    }

    /**
     * Takes in bytes of an array-backed buffer until they end or one response is complete.
     *
     * @return whether a response was completed; bytes behind it stay in the buffer
     * @throws IllegalStateException if this is not HTTP/1.1 as described above
     */
    boolean feed(ByteBuffer in) {
        while (in.hasRemaining()) {
            boolean complete = switch (state) {
                case SIZED_BODY -> takeBody(in) && done();
                case CHUNK -> {
                    if (takeBody(in)) {
                        state = State.CHUNK_END;
                    }
                    yield false;
                }
                case STATUS_LINE, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS -> takeLine(in) && lineComplete();
            };
            if (complete) {
                return true;
            }
        }
        return false;
    }

    private boolean takeBody(ByteBuffer in) {
        int length = (int) Math.min(remaining, in.remaining());
        int from = in.arrayOffset() + in.position();
        body.bytes(in.array(), from, from + length);
        in.position(in.position() + length);
        remaining -= length;
        return remaining == 0;
    }

    private boolean takeLine(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n') {
                return true;
            }
            if (b != '\r') {
                if (lineLength == line.length) {
                    throw new IllegalStateException(
                            "the server sent a header line of more than " + MAX_LINE_BYTES + " bytes");
                }
                line[lineLength++] = b;
            }
        }
        return false;
    }

    private boolean lineComplete() {
        int length = lineLength;
        lineLength = 0;
        return switch (state) {
            case STATUS_LINE -> {
                statusLine(length);
                yield false;
            }
            case HEADERS -> length == 0 ? headEnds() : header(length);
            case CHUNK_SIZE -> {
                remaining = chunkSize(length);
                state = remaining == 0 ? State.TRAILERS : State.CHUNK;
                yield false;
            }
            case CHUNK_END -> {
                state = State.CHUNK_SIZE;
                yield false;
            }
            case TRAILERS -> length == 0 && done();
            case SIZED_BODY, CHUNK -> throw new IllegalStateException("a body is not read by lines");
        };
    }

    private void statusLine(int length) {
        // HTTP/1.1 200 OK
        if (length < 12 || line[0] != 'H' || line[8] != ' ') {
            throw new IllegalStateException("not an HTTP/1.1 status line: " + text(0, length));
        }
        status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
        chunked = false;
        remaining = 0;
        state = State.HEADERS;
    }

    /** Always false: a header never completes a response. */
    private boolean header(int length) {
        int first = line[0] | 0x20;
        if (first == 'c' || first == 't') {
            String header = text(0, length).toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                remaining = Long.parseLong(
                        header.substring("content-length:".length()).strip());
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = header.endsWith("chunked");
            }
        }
        return false;
    }

    private boolean headEnds() {
        if (status == 100) { // an interim answer; the real one follows
            state = State.STATUS_LINE;
            return false;
        }
        if (chunked) {
            state = State.CHUNK_SIZE;
            return false;
        }
        state = State.SIZED_BODY;
        return remaining == 0 && done();
    }

    private long chunkSize(int length) {
        long size = 0;
        for (int i = 0; i < length && line[i] != ';'; i++) {
            int digit = Character.digit(line[i], 16);
            if (digit < 0) {
                throw new IllegalStateException("not a chunk size: " + text(0, length));
            }
            size = size << 4 | digit;
        }
        return size;
    }

    private boolean done() {
        state = State.STATUS_LINE;
        return true;
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }
}

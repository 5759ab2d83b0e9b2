package io.naru.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;

/**
 * One NDJSON request whose lines go out in equal blocks for as long as the load lasts, and whose answer gives one
 * receipt a line. Used under the lock of its {@link NdjsonLoad}.
 */
final class LineStream implements AutoCloseable {
    private static final ByteBuffer LAST_CHUNK = ByteBuffer.wrap("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    private final Connection connection;
    private final byte[] block;
    private final int linesPerBlock;
    private final Recording recording;
    private final long[] intended; // ring over the blocks under way
    private long blocksSent;
    private long linesReceived;
    private boolean ended;
    private boolean complete;

    private LineStream(
            int number, InetSocketAddress target, Selector selector, Recording recording, int window, Block block)
            throws IOException {
        this.block = block.chunk;
        this.linesPerBlock = block.lines;
        this.recording = recording;
        this.intended = new long[Math.max(1, window / block.lines)];
        this.connection = Connection.open(number, target, selector, this::receipts);
    }

    /** Lines in one HTTP chunk, framed: size, lines, line end. */
    static final class Block {
        private final byte[] chunk;
        private final int lines;

        private Block(byte[] chunk, int lines) {
            this.chunk = chunk;
            this.lines = lines;
        }

        /** Frames a line, which ends in a line break, so many times. */
        static Block of(byte[] line, int lines) {
            byte[] head = (Integer.toHexString(line.length * lines) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            ByteBuffer chunk = ByteBuffer.allocate(head.length + line.length * lines + 2);
            chunk.put(head);
            for (int i = 0; i < lines; i++) {
                chunk.put(line);
            }
            chunk.put((byte) '\r').put((byte) '\n');
            return new Block(chunk.array(), lines);
        }
    }

    /**
     * Connects and sends the request's head.
     *
     * @param window lines that may be without a receipt
     */
    static LineStream open(
            int number,
            InetSocketAddress target,
            Selector selector,
            Recording recording,
            int window,
            Block block,
            byte[] head)
            throws IOException {
        LineStream stream = new LineStream(number, target, selector, recording, window, block);
        stream.connection.send(ByteBuffer.wrap(head));
        return stream;
    }

    Connection connection() {
        return connection;
    }

    /** Whether another block may go out: the socket has taken the last one, and the window is open. */
    boolean mayStart() {
        return !ended && connection.flushed() && blocksSent - linesReceived / linesPerBlock < intended.length;
    }

    /** Sends a block that was meant to go at {@code intendedNanos}. */
    void start(long intendedNanos) throws IOException {
        intended[(int) (blocksSent % intended.length)] = intendedNanos;
        blocksSent++;
        connection.send(ByteBuffer.wrap(block));
    }

    /** Ends the request once, when the socket has taken everything before. */
    void end() throws IOException {
        if (!ended && connection.flushed()) {
            ended = true;
            connection.send(LAST_CHUNK.duplicate());
        }
    }

    /** Reads receipts; once the answer has ended, nothing more. */
    void receive() throws IOException {
        complete = complete || connection.receive() > 0;
    }

    /**
     * Whether the answer has ended.
     *
     * @throws IllegalStateException if it ended before its time, or without a receipt for every line
     */
    boolean complete() {
        if (complete) {
            // One receipt a line, and the closing summary.
            long expected = blocksSent * linesPerBlock + 1;
            if (connection.status() != 200 || linesReceived != expected) {
                throw new IllegalStateException("the stream ended with " + linesReceived + " lines for " + expected
                        + "; it began: " + connection.excerpt());
            }
        }
        return complete;
    }

    private void receipts(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            if (array[i] == '\n') {
                lineReceived();
            }
        }
    }

    private void lineReceived() {
        linesReceived++;
        if (linesReceived % linesPerBlock == 0 && linesReceived / linesPerBlock <= blocksSent) {
            long number = linesReceived / linesPerBlock - 1;
            recording.record(intended[(int) (number % intended.length)], System.nanoTime(), linesPerBlock);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a stream's socket could not be closed", e);
        }
    }
}

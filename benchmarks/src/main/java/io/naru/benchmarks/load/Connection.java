package io.naru.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One keep-alive HTTP/1.1 connection of a load generator, never blocking. Used under the lock of whoever owns it.
 */
final class Connection implements AutoCloseable {
    private static final int EXCERPT_BYTES = 512;

    private final int number;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
    private final ResponseParser response;
    private final byte[] excerpt = new byte[EXCERPT_BYTES];
    private int excerptLength;
    private ByteBuffer out = ByteBuffer.allocate(0);

    private Connection(int number, SocketChannel channel, SelectionKey key, ResponseParser.Body body) {
        this.number = number;
        this.channel = channel;
        this.key = key;
        this.response = new ResponseParser((array, from, to) -> {
            keepExcerpt(array, from, to);
            body.bytes(array, from, to);
        });
    }

    /**
     * Connects, blocking, and registers for reading; the key's attachment is whatever {@code selector}'s loop wants.
     *
     * @param body gets the bodies of all answers
     */
    static Connection open(int number, InetSocketAddress target, Selector selector, ResponseParser.Body body)
            throws IOException {
        SocketChannel channel = SocketChannel.open(target);
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            Connection connection = new Connection(number, channel, key, body);
            key.attach(connection);
            return connection;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    int number() {
        return number;
    }

    int status() {
        return response.status();
    }

    boolean headComplete() {
        return response.headComplete();
    }

    /** Whether everything given to {@link #send} has gone to the socket. */
    boolean flushed() {
        return !out.hasRemaining();
    }

    /** Sends bytes, now or (the socket being full) as {@link #flush} can; only once the last are gone. */
    void send(ByteBuffer bytes) throws IOException {
        excerptLength = 0;
        out = bytes;
        flush();
    }

    /** Writes on; returns whether all is gone. Tells the selector when there is more to write. */
    boolean flush() throws IOException {
        channel.write(out);
        int wanted = out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
            key.selector().wakeup();
        }
        return flushed();
    }

    /**
     * Reads what is there.
     *
     * @return how many answers became complete
     * @throws EOFException if the server closed the connection
     */
    int receive() throws IOException {
        int complete = 0;
        while (true) {
            int read = channel.read(in.clear());
            if (read < 0) {
                throw new EOFException("the server closed a connection of the load; its last words: " + excerpt());
            }
            in.flip();
            while (response.feed(in)) {
                complete++;
            }
            if (read < in.capacity()) {
                return complete;
            }
        }
    }

    /** The beginning of what was answered since the last {@link #send}, for error messages. */
    String excerpt() {
        return response.status() + " " + new String(excerpt, 0, excerptLength, StandardCharsets.UTF_8);
    }

    private void keepExcerpt(byte[] array, int from, int to) {
        int length = Math.min(to - from, EXCERPT_BYTES - excerptLength);
        System.arraycopy(array, from, excerpt, excerptLength, length);
        excerptLength += length;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

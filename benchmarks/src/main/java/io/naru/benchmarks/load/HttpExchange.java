package io.naru.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One blocking request and its answer on a connection of its own: for creating topics and for asking whether a server
 * is there yet. It loads few classes, so that asking does not disturb what is being started.
 *
 * @param status of the answer
 * @param body of the answer, UTF-8
 */
public record HttpExchange(int status, String body) {

    /**
     * Sends the request and reads the whole answer.
     *
     * @throws IOException also when nobody listens there, or the server closes the connection without an answer
     */
    public static HttpExchange send(InetSocketAddress target, byte[] request) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ResponseParser parser = new ResponseParser((array, from, to) -> body.write(array, from, to - from));
        try (SocketChannel channel = SocketChannel.open(target)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer out = ByteBuffer.wrap(request);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            ByteBuffer in = ByteBuffer.allocate(16 * 1024);
            while (true) {
                if (channel.read(in.clear()) < 0) {
                    throw new EOFException("the server closed the connection before it had answered");
                }
                if (parser.feed(in.flip())) {
                    return new HttpExchange(parser.status(), body.toString(StandardCharsets.UTF_8));
                }
            }
        }
    }

    /** Whether the status is one of success. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}

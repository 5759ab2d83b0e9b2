package io.naru.systemtests.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One streamed produce request over a plain socket: lines go out in chunks while receipts come in, which the JDK's
 * client cannot do over HTTP/1.1. One thread may send while another reads.
 */
public final class NdjsonConnection implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private byte[] chunk = new byte[0];
    private int position;

    /** Opens the connection, sends the head and waits for the answer's head, which must be a 200. */
    public NdjsonConnection(String url, String topic) throws IOException {
        URI target = URI.create(url);
        socket = new Socket(target.getHost(), target.getPort());
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
        out.write(("POST /v1/topics/" + topic + "/records HTTP/1.1\r\nHost: " + target.getHost() + ":"
                        + target.getPort()
                        + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        String status = rawLine();
        while (!rawLine().isEmpty()) {
            // The headers say nothing that matters here: the answer is chunked.
        }
        if (!status.contains(" 200 ")) {
            close();
            throw new IOException("a stream of NDJSON was answered " + status);
        }
    }

    /** Sends one record; {@code line} is its JSON without a line break. */
    public void send(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        framed.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        framed.writeBytes(bytes);
        framed.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(framed.toByteArray());
    }

    /** Says that no more records follow. */
    public void endOfRecords() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** The next line of the answer; null at its proper end. */
    public @Nullable String receive() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (position == chunk.length && !nextChunk()) {
                return null;
            }
            byte next = chunk[position++];
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
        }
    }

    private boolean nextChunk() throws IOException {
        int size = Integer.parseInt(rawLine(), 16);
        chunk = in.readNBytes(size);
        position = 0;
        if (chunk.length < size) {
            throw new EOFException("the connection ended within a chunk");
        }
        rawLine();
        return size > 0;
    }

    private String rawLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

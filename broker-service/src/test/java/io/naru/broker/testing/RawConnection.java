package io.naru.broker.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket for what no HTTP client would send, and for talking both ways at once. */
public final class RawConnection implements AutoCloseable {
    private static final int DEFAULT_RECEIVE_BUFFER = 0;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public RawConnection(int port) throws IOException {
        this(port, DEFAULT_RECEIVE_BUFFER);
    }

    /** A connection that the system takes in about as many bytes for as said before somebody reads them. */
    public RawConnection(int port, int receiveBufferBytes) throws IOException {
        socket = new Socket();
        if (receiveBufferBytes != DEFAULT_RECEIVE_BUFFER) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(Integer.getInteger("raw.timeout", 30_000));
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Asks for a path; header lines come without their line breaks. */
    public RawConnection get(String path, String... headerLines) throws IOException {
        var request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + socket.getPort() + "\r\n");
        for (String line : headerLines) {
            request.append(line).append("\r\n");
        }
        return send(request.append("\r\n").toString());
    }

    /** Sends text as it stands, Latin-1. */
    public RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawConnection send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends one chunk of a chunked body. */
    public RawConnection sendChunk(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(Integer.toHexString(bytes.length) + "\r\n");
        send(bytes);
        return send("\r\n");
    }

    public RawConnection sendLastChunk() throws IOException {
        return send("0\r\n\r\n");
    }

    /** One line without its line break; null at the end of the stream. */
    public String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Status line and headers, up to the empty line. */
    public String readHead() throws IOException {
        var head = new StringBuilder();
        for (String line = readLine(); line != null && !line.isEmpty(); line = readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** One chunk of a chunked answer; empty at its end. */
    public String readChunk() throws IOException {
        int length = Integer.parseInt(readLine(), 16);
        byte[] bytes = in.readNBytes(length);
        readLine();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Up to so many bytes of a body or whatever comes; fewer only at the end of the stream. */
    public byte[] readBytes(int most) throws IOException {
        return in.readNBytes(most);
    }

    public int readByte() throws IOException {
        return in.read();
    }

    /** Everything up to the end of the stream. */
    public String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package io.naru.benchmarks.load;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Builds HTTP/1.1 requests as the very bytes that go over the wire. */
public final class Request {
    private Request() {}

    /**
     * A request with a body.
     *
     * @param target where it goes, for the {@code Host} header
     * @param path with its query, already encoded
     */
    public static byte[] of(InetSocketAddress target, String method, String path, String contentType, byte[] body) {
        byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: " + host(target) + "\r\nContent-Type: " + contentType
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    /** A request without a body. */
    public static byte[] get(InetSocketAddress target, String path, String accept) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + host(target) + "\r\nAccept: " + accept + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The head of a request whose body follows in chunks, for as long as the sender likes. */
    public static byte[] streamHead(InetSocketAddress target, String path, String contentType) {
        return ("POST " + path + " HTTP/1.1\r\nHost: " + host(target) + "\r\nContent-Type: " + contentType
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String host(InetSocketAddress target) {
        return target.getHostString() + ":" + target.getPort();
    }
}

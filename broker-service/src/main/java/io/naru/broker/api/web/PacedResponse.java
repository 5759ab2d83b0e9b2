package io.naru.broker.api.web;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes a body so that the socket sets the pace: each chunk is flushed, and the next one is asked for only when the
 * last has been handed to the operating system. The framework's own way asks for 128 chunks ahead, which for a client
 * that does not read would be megabytes.
 */
public final class PacedResponse {
    private static final int NOTHING_AHEAD = 0;

    private PacedResponse() {}

    /** Sends status and headers at once, then the chunks; completes when all are written, or the client is gone. */
    public static Mono<Void> write(ServerWebExchange exchange, Publisher<DataBuffer> chunks) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        if (request.getMethod().equals(HttpMethod.HEAD)) {
            return response.setComplete();
        }
        Object server = ServerHttpResponseDecorator.getNativeResponse(response);
        if (!(server instanceof HttpServerResponse socket)) {
            return response.writeAndFlushWith(Flux.from(chunks).map(Mono::just));
        }
        Mono<Void> body = Flux.from(chunks)
                .concatMap(chunk -> send(socket, chunk), NOTHING_AHEAD)
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                .then();
        // Completing the framework's response writes nothing: it settles status and headers in the server's.
        return response.setComplete()
                .then(Mono.defer(() -> socket.sendHeaders().then(body).then()));
    }

    /** Completes when the operating system has the chunk. A publisher of one, since the server takes a Mono for all. */
    private static Mono<Void> send(HttpServerResponse socket, DataBuffer chunk) {
        var taken = new AtomicBoolean();
        Flux<ByteBuf> bytes = Flux.defer(() -> {
            taken.set(true);
            return Flux.just(NettyDataBufferFactory.toByteBuf(chunk));
        });
        // A connection that is closed by now takes nothing, and then nobody else lets go of the chunk.
        return socket.send(bytes, _ -> true).then().doFinally(_ -> {
            if (!taken.get()) {
                DataBufferUtils.release(chunk);
            }
        });
    }
}

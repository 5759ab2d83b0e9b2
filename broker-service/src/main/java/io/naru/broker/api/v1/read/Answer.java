package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.web.PacedResponse;
import java.nio.ByteBuffer;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A finished answer to a reading call.
 *
 * @param body from position to limit; not changed any more
 * @param records how many records it shows
 * @param headers beside the content type and length
 */
record Answer(MediaType type, ByteBuffer body, int records, Map<String, String> headers) {
    /** Tells, where the body has no place for it, which offset to go on from. */
    static final String NEXT_OFFSET = "Naru-Next-Offset";

    /** Like {@link #NEXT_OFFSET}, for all partitions of a topic. */
    static final String CURSOR = "Naru-Cursor";

    static final String HIGH_WATERMARK = "Naru-High-Watermark";

    /** Tells, where records were filtered, that none below was left out but those that were not wanted. */
    static final String SCANNED_TO = "Naru-Scanned-To";

    /** The server copies what it sends out of the heap; of a large body it shall not copy all at once. */
    private static final int PIECE_BYTES = 64 * 1024;

    static Answer of(MediaType type, ByteSink text, int records, Map<String, String> headers) {
        return new Answer(type, ByteBuffer.wrap(text.array(), 0, text.size()), records, headers);
    }

    /** Sends it as the answer to a request; completes when the operating system has all of it. */
    Mono<Void> send(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders to = response.getHeaders();
        to.setContentType(type);
        to.setCacheControl("no-store");
        to.setContentLength(body.remaining());
        headers.forEach(to::set);
        DataBufferFactory buffers = response.bufferFactory();
        return body.remaining() <= PIECE_BYTES
                ? response.writeWith(Mono.fromSupplier(() -> buffers.wrap(body)))
                : PacedResponse.write(exchange, pieces(buffers));
    }

    private Flux<DataBuffer> pieces(DataBufferFactory buffers) {
        int count = Math.ceilDiv(body.remaining(), PIECE_BYTES);
        return Flux.range(0, count).map(index -> {
            int from = index * PIECE_BYTES;
            return buffers.wrap(body.slice(body.position() + from, Math.min(PIECE_BYTES, body.remaining() - from)));
        });
    }
}

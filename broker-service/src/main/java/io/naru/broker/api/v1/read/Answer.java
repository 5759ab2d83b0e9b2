package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.ByteSink;
import java.nio.ByteBuffer;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
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

    static Answer of(MediaType type, ByteSink text, int records, Map<String, String> headers) {
        return new Answer(type, ByteBuffer.wrap(text.array(), 0, text.size()), records, headers);
    }

    /** Sends it as the answer to a request. */
    Mono<Void> send(ServerWebExchange exchange, ReadMetrics metrics) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders to = response.getHeaders();
        to.setContentType(type);
        to.setCacheControl("no-store");
        to.setContentLength(body.remaining());
        headers.forEach(to::set);
        metrics.sent(body.remaining());
        metrics.read(records);
        return response.writeWith(Mono.fromSupplier(() -> wrap(response)));
    }

    private DataBuffer wrap(ServerHttpResponse response) {
        return response.bufferFactory().wrap(body);
    }
}

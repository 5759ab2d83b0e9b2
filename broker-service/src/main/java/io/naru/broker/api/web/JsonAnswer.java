package io.naru.broker.api.web;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** Writes answers that are bytes already. */
public final class JsonAnswer {
    private JsonAnswer() {}

    /** Sends {@code json} as the whole answer; completes when it has been handed to the connection. */
    public static Mono<Void> write(ServerHttpResponse response, int status, byte[] json) {
        response.setStatusCode(HttpStatusCode.valueOf(status));
        HttpHeaders headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
        headers.setContentLength(json.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(json)));
    }
}

package io.naru.broker.api.error;

import io.naru.broker.api.json.JsonBuffer;
import io.naru.cluster.ErrorCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/**
 * Answers every failure of a request, wherever in the chain it arose, as problem+json. A failure that nobody foresaw
 * is logged with the request's id and answered with that id alone: its text may hold what is no caller's business.
 */
public final class ProblemHandler implements WebExceptionHandler, Ordered {
    private static final Logger LOG = System.getLogger(ProblemHandler.class.getName());
    private static final String RETRY_AFTER_SECONDS = "1";

    /** Before the framework's own handlers, the first of which answers HTML to browsers. */
    @Override
    public int getOrder() {
        return -2;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
            LOG.log(Level.DEBUG, () -> "Request " + request.getId() + " was abandoned by its client");
            return Mono.empty();
        }
        if (response.isCommitted()) {
            // Too late to answer: the framework closes the connection, which is all that can be told.
            return Mono.error(failure);
        }
        if (failure instanceof ErrorResponse withHeaders) {
            response.getHeaders().putAll(withHeaders.getHeaders());
        }
        return answer(exchange, problemOf(failure, request));
    }

    /** Writes a problem as the whole answer. */
    public static Mono<Void> answer(ServerWebExchange exchange, Problem problem) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        var json = new JsonBuffer(512);
        problem.writeTo(json, isWrite(request.getMethod()));
        byte[] body = json.toBytes();
        response.setStatusCode(HttpStatusCode.valueOf(problem.code().httpStatus()));
        HttpHeaders headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        if (asksForPatience(problem.code())) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        headers.setContentLength(body.length);
        if (request.getMethod().equals(HttpMethod.HEAD)) {
            return response.setComplete();
        }
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    private static Problem problemOf(Throwable failure, ServerHttpRequest request) {
        Problem known = FailureTranslator.translate(failure, request);
        if (known != null) {
            return known;
        }
        String id = request.getId();
        LOG.log(
                Level.ERROR,
                () -> "Request " + id + " (" + request.getMethod() + " "
                        + request.getPath().value() + ") failed",
                failure);
        return new Problem(
                ErrorCode.INTERNAL,
                "Something failed inside the broker that should not have. Its log says what, under the request id " + id
                        + ".",
                Map.of("request_id", id));
    }

    /** Whether the same request may well succeed a moment later, here and without anybody's doing. */
    private static boolean asksForPatience(ErrorCode code) {
        return code.retriable() && (code.httpStatus() == 503 || code.httpStatus() == 429);
    }

    private static boolean isWrite(HttpMethod method) {
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD) && !method.equals(HttpMethod.OPTIONS);
    }
}

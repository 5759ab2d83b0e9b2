package io.naru.broker.api.web;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * The first thing a request meets. Turns away what no honest client sends: foreign hosts and origins, paths with
 * tricks, methods that have no place here, encoded bodies. Gives every answer its request id.
 */
public final class RequestGuard implements WebFilter, Ordered {
    /** Names the request in answers and in the broker's log. */
    public static final String REQUEST_ID = "X-Request-Id";

    private static final Set<HttpMethod> NEVER = Set.of(HttpMethod.TRACE, HttpMethod.valueOf("CONNECT"));

    private final OwnNames names;

    public RequestGuard(OwnNames names) {
        this.names = names;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        exchange.getResponse().getHeaders().set(REQUEST_ID, request.getId());
        check(request);
        return chain.filter(exchange);
    }

    private void check(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String host = headers.getFirst(HttpHeaders.HOST);
        requireOurHost(host);
        requireOurOrigin(request.getMethod(), headers.getFirst(HttpHeaders.ORIGIN), host);
        if (NEVER.contains(request.getMethod())) {
            throw new NaruException(ErrorCode.METHOD_NOT_ALLOWED, request.getMethod() + " is not taken anywhere here.");
        }
        requirePlainPath(request.getURI().getRawPath());
        requireUnencoded(headers.getFirst(HttpHeaders.CONTENT_ENCODING));
    }

    private void requireOurHost(@Nullable String host) {
        if (host != null && !names.isOurHost(host)) {
            throw new NaruException(
                    ErrorCode.FOREIGN_HOST,
                    "This broker does not go by the name '" + host
                            + "'. If it should, add the name to http.allowed-hosts or set advertised.url.");
        }
    }

    private void requireOurOrigin(HttpMethod method, @Nullable String origin, @Nullable String host) {
        boolean changesNothing = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (origin != null && !changesNothing && !names.isOurOrigin(origin, host)) {
            throw new NaruException(
                    ErrorCode.FOREIGN_ORIGIN,
                    "A page of '" + origin
                            + "' may not change anything here. If it should, add its host to http.allowed-hosts.");
        }
    }

    private static void requirePlainPath(String rawPath) {
        String path = rawPath.toLowerCase(Locale.ROOT);
        boolean tricky = path.indexOf(';') >= 0
                || path.contains("//")
                || path.indexOf('\\') >= 0
                || path.contains("%2f")
                || path.contains("%5c")
                || path.contains("%7f")
                || path.contains("%0")
                || path.contains("%1")
                || hasDotSegment(path.replace("%2e", "."));
        if (tricky) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST,
                    "The path has empty or dot segments, ';', an encoded slash or a control character, none of which"
                            + " has a meaning here.");
        }
    }

    private static boolean hasDotSegment(String path) {
        return path.contains("/./") || path.contains("/../") || path.endsWith("/.") || path.endsWith("/..");
    }

    private static void requireUnencoded(@Nullable String contentEncoding) {
        if (contentEncoding != null && !contentEncoding.strip().equalsIgnoreCase("identity")) {
            throw new NaruException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "A body with Content-Encoding '" + contentEncoding
                            + "' is not taken. Send it uncompressed; topics compress with compression.type.");
        }
    }
}

package io.naru.broker.api.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * Finds handlers as the framework does, and refuses query parameters that the found one does not declare: a misspelt
 * parameter that is quietly ignored does something else than was asked.
 */
public final class StrictRequestMapping extends RequestMappingHandlerMapping {
    private static final String OURS = "io.naru.";

    private final Map<java.lang.reflect.Method, AcceptedParameters> accepted = new ConcurrentHashMap<>();

    @Override
    protected void handleMatch(RequestMappingInfo info, HandlerMethod handler, ServerWebExchange exchange) {
        super.handleMatch(info, handler, exchange);
        if (exchange.getRequest().getURI().getRawQuery() != null
                && handler.getBeanType().getName().startsWith(OURS)) {
            accepted.computeIfAbsent(handler.getMethod(), AcceptedParameters::new)
                    .check(Query.of(exchange.getRequest()));
        }
    }
}

package io.naru.broker.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;

class ProblemHandlerTests {
    private final ProblemHandler handler = new ProblemHandler();

    @Test
    void anUnforeseenFailureLeaksNothingAndCanBeFoundInTheLog() {
        MockServerWebExchange exchange = post();

        String body = handle(exchange, new IllegalStateException("password is hunter2"));

        assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
        assertThat(body)
                .doesNotContain("hunter2")
                .doesNotContain("IllegalState")
                .contains("\"error_code\":50000")
                .contains("\"outcome\":\"unknown\"")
                .contains("\"request_id\":\"" + exchange.getRequest().getId() + "\"");
    }

    @Test
    void aRefusalTellsItsProperties() {
        var refusal = new NaruException(ErrorCode.OFFSET_BELOW_LOG_START, "gone", Map.of("log_start_offset", 7L));

        assertThat(handle(post(), new CompletionException(refusal)))
                .isEqualTo(
                        "{\"type\":\"urn:naru:problem:offset-below-log-start\",\"title\":\"Offset below the log start\","
                                + "\"status\":410,\"detail\":\"gone\",\"error_code\":41001,\"retriable\":false,"
                                + "\"outcome\":\"not_applied\",\"log_start_offset\":7}");
    }

    @Test
    void readersAreToldNoOutcome() {
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/v1/topics"));

        assertThat(handle(exchange, new NaruException(ErrorCode.NOT_READY, "wait")))
                .doesNotContain("outcome");
    }

    @Test
    void whoMayTryAgainInAMomentIsToldWhen() {
        assertThat(retryAfter(ErrorCode.OVERLOADED)).isEqualTo("1");
        assertThat(retryAfter(ErrorCode.TOO_MANY_STREAMS)).isEqualTo("1");
        assertThat(retryAfter(ErrorCode.BODY_TIMED_OUT)).isNull();
        assertThat(retryAfter(ErrorCode.TOPIC_NOT_FOUND)).isNull();
        assertThat(retryAfter(ErrorCode.STORAGE_FULL)).isNull();
    }

    private @Nullable String retryAfter(ErrorCode code) {
        MockServerWebExchange exchange = post();
        handle(exchange, new NaruException(code, "wait"));
        return exchange.getResponse().getHeaders().getFirst("Retry-After");
    }

    @Test
    void failuresOfTheFrameworkAreProblemsToo() {
        assertThat(handle(post(), new ResponseStatusException(HttpStatus.NOT_FOUND)))
                .contains("\"error_code\":40400");
        assertThat(handle(post(), new ResponseStatusException(HttpStatus.CONFLICT)))
                .contains("\"error_code\":40001");
        assertThat(handle(post(), new ServerWebInputException("secret")))
                .contains("\"error_code\":40001")
                .doesNotContain("secret");
        assertThat(handle(post(), new DataBufferLimitException("secret"))).contains("\"error_code\":41301");
        assertThat(handle(post(), new ResponseStatusException(HttpStatus.BAD_GATEWAY)))
                .contains("\"error_code\":50000");
    }

    @Test
    void aClientThatHasGoneIsNoFailure() {
        MockServerWebExchange exchange = post();

        handler.handle(exchange, new IOException("Connection reset by peer")).block();

        assertThat(exchange.getResponse().getStatusCode()).isNull();
    }

    @Test
    void everyErrorHasATypeOfItsOwn() {
        var types = new HashSet<String>();
        for (ErrorCode code : ErrorCode.values()) {
            String type = new Problem(code, "detail").type();
            assertThat(type).matches("urn:naru:problem:[a-z]+(-[a-z]+)*");
            assertThat(types.add(type)).isTrue();
        }
    }

    private String handle(MockServerWebExchange exchange, Throwable failure) {
        handler.handle(exchange, failure).block();
        return exchange.getResponse().getBodyAsString().block();
    }

    private static MockServerWebExchange post() {
        return MockServerWebExchange.from(MockServerHttpRequest.post("/v1/topics"));
    }
}

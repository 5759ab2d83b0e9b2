package io.naru.broker.api.v1.read;

import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.MemoryBudget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Makes the answers of reading calls, on virtual threads, and sends them. What an answer takes counts against the
 * memory of all answers from before it is allocated until its last byte has been handed to the operating system or its
 * client is gone. Thread-safe.
 */
public final class Answers {
    private final MemoryBudget memory;
    private final BlockingCalls calls;
    private final ReadMetrics metrics;

    public Answers(MemoryBudget memory, BlockingCalls calls, ReadMetrics metrics) {
        this.memory = memory;
        this.calls = calls;
        this.metrics = metrics;
        metrics.gaugeHeldBytes(memory::heldBytes);
    }

    /** Makes one answer. May block. */
    @FunctionalInterface
    interface Maker {
        /**
         * The answer, null for none (204).
         *
         * @param draft where all memory is taken from that grows with what is read
         */
        @Nullable
        Answer make(Draft draft) throws Exception;
    }

    /** Answers a request about a topic; completes when the answer has been sent. */
    Mono<Void> send(ServerWebExchange exchange, String topic, Maker maker) {
        long begun = System.nanoTime();
        return Mono.using(
                memory::share,
                share -> calls.run(() -> share.fill(() -> make(maker, new Draft(share), begun)))
                        .flatMap(made -> made.map(answer -> send(exchange, topic, answer))
                                .orElseGet(() -> noContent(exchange))),
                MemoryBudget.Share::release);
    }

    private Optional<Answer> make(Maker maker, Draft draft, long begun) throws Exception {
        Answer answer = maker.make(draft);
        metrics.made(System.nanoTime() - begun - draft.waitedNanos());
        return Optional.ofNullable(answer);
    }

    private Mono<Void> send(ServerWebExchange exchange, String topic, Answer answer) {
        metrics.sent(topic, answer.records(), answer.body().remaining());
        return answer.send(exchange);
    }

    private static Mono<Void> noContent(ServerWebExchange exchange) {
        exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
        return exchange.getResponse().setComplete();
    }
}

package io.naru.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

class LoadTests {
    private static final Window SHORT = new Window(Duration.ofMillis(50), Duration.ofMillis(300));

    private final AtomicInteger requests = new AtomicInteger();
    private DisposableServer server;

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void aClosedLoadKeepsEveryConnectionBusyAndCountsAnswers() throws IOException {
        InetSocketAddress target = serve((request, response) -> {
            requests.incrementAndGet();
            return response.sendString(request.receive().aggregate().asString());
        });
        LoadResult result = post(target, 3, new Arrivals.Closed(), SHORT);
        assertThat(requests.get()).isGreaterThanOrEqualTo(3);
        assertThat(result.latency().count()).isLessThanOrEqualTo(requests.get());
        assertThat(result.latency().max())
                .isGreaterThanOrEqualTo(result.latency().p50());
    }

    @Test
    void aPacedLoadSendsEveryRequestThatIsDueAndNoMore() throws IOException {
        InetSocketAddress target = serve((request, response) -> {
            requests.incrementAndGet();
            return response.sendString(request.receive().aggregate().asString());
        });
        LoadResult result = post(target, 2, new Arrivals.Paced(1000), SHORT);
        assertThat(requests).hasValue(350);
        assertThat(result.latency().count()).isEqualTo(300);
    }

    @Test
    void whatWaitsForAStalledServerIsCountedFromWhenItWasDue() throws IOException {
        Duration stall = Duration.ofMillis(400);
        InetSocketAddress target = serve((request, response) -> {
            Mono<String> answer = request.receive().aggregate().asString();
            return response.sendString(requests.incrementAndGet() == 1 ? answer.delayElement(stall) : answer);
        });
        LoadResult result = post(target, 1, new Arrivals.Paced(100), new Window(Duration.ZERO, Duration.ofMillis(200)));
        // All 20 were due during the stall: the first waited for all of it, the last for at least half.
        assertThat(result.latency().count()).isEqualTo(20);
        assertThat(result.latency().max()).isGreaterThanOrEqualTo(399);
        assertThat(result.latency().p50()).isGreaterThanOrEqualTo(200);
    }

    @Test
    void anErrorEndsTheLoadAndIsTold() {
        InetSocketAddress target = serve((_, response) -> response.status(503).sendString(Mono.just("no leader")));
        assertThatIllegalStateException()
                .isThrownBy(() -> post(target, 1, new Arrivals.Closed(), SHORT))
                .withMessageContaining("503 no leader");
    }

    @Test
    void linesAreStreamedUntilEachHasItsReceipt() throws IOException {
        AtomicInteger received = new AtomicInteger();
        InetSocketAddress target = serve((request, response) -> {
            Flux<String> receipts = request.receive().asString().map(text -> {
                int lines = (int)
                        text.chars().filter(character -> character == '\n').count();
                received.addAndGet(lines);
                return "{}\n".repeat(lines);
            });
            return response.sendString(receipts.concatWithValues("{\"failed\":0}\n"));
        });
        NdjsonLoad.Lines lines = new NdjsonLoad.Lines(target, "/records", "{\"value\":1}\n", 10, 100);
        LoadResult closed = NdjsonLoad.run(lines, 2, new Arrivals.Closed(), SHORT);
        assertThat(closed.perSecond()).isNotNegative();
        assertThat(received.get()).isPositive();
        assertThat(received.get() % 10).isZero();

        received.set(0);
        LoadResult paced = NdjsonLoad.run(lines, 2, new Arrivals.Paced(100), SHORT);
        assertThat(received).hasValue(350);
        assertThat(paced.latency().count()).isEqualTo(300);
    }

    @Test
    void aStreamThatOwesReceiptsIsAnError() {
        InetSocketAddress target = serve((request, response) ->
                response.sendString(request.receive().asString().then(Mono.just("{}\n"))));
        NdjsonLoad.Lines lines = new NdjsonLoad.Lines(target, "/records", "{\"value\":1}\n", 10, 100);
        assertThatIllegalStateException()
                .isThrownBy(() -> NdjsonLoad.run(lines, 1, new Arrivals.Closed(), SHORT))
                .withMessageContaining("1 lines for");
    }

    private static LoadResult post(InetSocketAddress target, int connections, Arrivals arrivals, Window window)
            throws IOException {
        byte[] request = Request.of(target, "POST", "/records", "application/json", new byte[] {'{', '}'});
        try (HttpLoad load =
                HttpLoad.open(target, connections, arrivals, RequestSource.same(request), (_, _, _) -> {})) {
            return load.run(window);
        }
    }

    private InetSocketAddress serve(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        server = HttpServer.create().host("127.0.0.1").port(0).handle(handler).bindNow();
        return (InetSocketAddress) server.address();
    }
}

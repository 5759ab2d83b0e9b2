package io.naru.benchmarks.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.benchmarks.load.Arrivals;
import io.naru.benchmarks.load.FanOut;
import io.naru.benchmarks.load.HttpExchange;
import io.naru.benchmarks.load.LoadResult;
import io.naru.benchmarks.load.NdjsonLoad;
import io.naru.benchmarks.load.Request;
import io.naru.benchmarks.load.Window;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;

class BareHttpTests {
    private static final Window SHORT = new Window(Duration.ofMillis(50), Duration.ofMillis(200));

    private DisposableServer server;
    private InetSocketAddress target;

    @BeforeEach
    void start() {
        server = BareHttp.serve(0);
        target = (InetSocketAddress) server.address();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void anAnswerHasAReceiptForEachRecord() throws IOException {
        HttpExchange answer = HttpExchange.send(
                target,
                Request.of(
                        target,
                        "POST",
                        Topics.records("t"),
                        "application/json",
                        "{\"records\":[{\"value\":{}},{\"value\":{}},{\"value\":{}}]}"
                                .getBytes(StandardCharsets.US_ASCII)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().split("offset\":", -1)).hasSize(4);
    }

    @Test
    void linesThatComeInManyPiecesGetAReceiptEach() throws IOException {
        String line = "{\"value\":\"" + "n".repeat(200_000) + "\"}\n";
        NdjsonLoad.Lines lines = new NdjsonLoad.Lines(target, Topics.records("t"), line, 1, 1);
        LoadResult result = NdjsonLoad.run(lines, 1, new Arrivals.Paced(100), SHORT);
        assertThat(result.latency().count()).isEqualTo(20);
    }

    @Test
    void aStreamOfLinesGetsAReceiptALine() throws IOException {
        NdjsonLoad.Lines lines = new NdjsonLoad.Lines(target, Topics.records("t"), "{\"value\":{}}\n", 5, 50);
        LoadResult result = NdjsonLoad.run(lines, 2, new Arrivals.Paced(100), SHORT);
        assertThat(result.latency().count()).isEqualTo(100);
    }

    @Test
    void everyReaderGetsEveryEvent() throws IOException, InterruptedException {
        FanOut result = FanOut.run(
                new FanOut.Route(target, Topics.records("t"), Topics.stream("t")),
                3,
                new Arrivals.Paced(500),
                100,
                SHORT);
        assertThat(result.events()).isEqualTo(300);
        assertThat(result.sinceIntended().max())
                .isGreaterThanOrEqualTo(result.sinceIntended().p50());
    }
}

package io.naru.broker.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataCodec;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.cluster.protocol.TopicCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpCoordinatorTests {
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private URI coordinator(Answer answer) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
                answer.to(exchange);
            }
        });
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static Answer json(int status, String body) {
        return bytes(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer bytes(int status, byte[] body) {
        return exchange -> {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        };
    }

    private static URI nobody() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Test
    void commandsTravelAsSnakeCaseJson() throws IOException {
        UUID id = UUID.randomUUID();
        try (var client = new HttpCoordinator(
                List.of(coordinator(json(200, "{\"topic_id\":{\"value\":\"%s\"},\"version\":7}".formatted(id)))))) {
            var done = client.createTopic(new TopicCommand.Create("orders", 3, null, Map.of("flush.ms", "5")));

            assertThat(done).isEqualTo(new TopicCommand.Done(new TopicId(id), 7));
        }
        assertThat(requests)
                .containsExactly(
                        "POST /internal/topics "
                                + "{\"name\":\"orders\",\"partitions\":3,\"replication_factor\":null,\"configs\":{\"flush.ms\":\"5\"}}");
    }

    @Test
    void aRefusalKeepsItsCodeAndItsWords() throws IOException {
        String problem = "{\"type\":\"x\",\"title\":\"Topic exists\",\"status\":409,\"detail\":\"There is one.\","
                + "\"error_code\":40901,\"retriable\":false,\"outcome\":\"not_applied\"}";
        try (var client = new HttpCoordinator(List.of(coordinator(json(409, problem))))) {
            assertThatExceptionOfType(NaruException.class)
                    .isThrownBy(() -> client.createTopic(new TopicCommand.Create("orders", 1, 1, Map.of())))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_EXISTS))
                    .withMessage("There is one.");
        }
    }

    @Test
    void theFeedIsReadAsDeltas() throws IOException {
        var delta = new MetadataDelta(false, 3, 4, List.of(new MetadataRecord.BrokerFenced(1, 2)));
        try (var client = new HttpCoordinator(List.of(coordinator(bytes(200, MetadataCodec.encode(delta)))))) {
            assertThat(client.metadataAfter(3, Duration.ofMillis(50))).isEqualTo(delta);
        }
        assertThat(requests).containsExactly("GET /internal/metadata?after_version=3&wait_ms=50 ");
    }

    @Test
    void aDeadCoordinatorIsLeftForTheNextWhichIsThenAskedFirst() throws IOException {
        URI living = coordinator(json(200, "{\"fenced\":false,\"version\":9,\"news\":\"of a newer version\"}"));
        try (var client = new HttpCoordinator(List.of(nobody(), living))) {
            var beat = new Heartbeat(1, 2, false);
            assertThat(client.heartbeat(1, beat)).isEqualTo(new Heartbeat.Answer(false, 9));
            assertThat(client.heartbeat(1, beat)).isEqualTo(new Heartbeat.Answer(false, 9));
        }
        assertThat(requests).hasSize(2);
    }

    @Test
    void whenNobodyAnswersTheErrorSaysSo() throws IOException {
        try (var client = new HttpCoordinator(List.of(nobody()))) {
            assertThatExceptionOfType(NaruException.class)
                    .isThrownBy(client::quorum)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.COORDINATOR_UNAVAILABLE))
                    .withMessageContaining("No coordinator answers");
        }
    }

    @Test
    void aChangeThatMayHaveBeenReadIsNotSentToAnother() throws IOException {
        URI dying = coordinator(HttpExchange::close);
        URI living = coordinator(json(200, "{}"));
        try (var client = new HttpCoordinator(List.of(dying, living))) {
            assertThatExceptionOfType(NaruException.class)
                    .isThrownBy(() -> client.deleteTopic("orders", new TopicCommand.Delete(null)))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
        }
        assertThat(requests).hasSize(1);
    }

    @Test
    void anAnswerOfSomebodyElseIsNotTakenForACoordinators() throws IOException {
        try (var client = new HttpCoordinator(List.of(coordinator(json(404, "<html>not here</html>"))))) {
            assertThatExceptionOfType(NaruException.class)
                    .isThrownBy(client::quorum)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.COORDINATOR_UNAVAILABLE))
                    .withMessageContaining("coordinator.urls");
        }
    }
}

package io.naru.coordinator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataCodec;
import io.naru.coordinator.CoordinatorApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real coordinator on free loopback ports, and what a broker would say to it. */
public final class CoordinatorFixture implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    private CoordinatorFixture(ConfigurableApplicationContext context, int port) {
        this.context = context;
        this.port = port;
    }

    /** What a broker keeps of its registration. */
    public record Registered(UUID incarnation, UUID directoryId, long epoch, long version) {}

    /** A coordinator that leads, with its own defaults. */
    public static CoordinatorFixture start(Path directory) {
        return start(directory, Map.of());
    }

    /** A coordinator that leads, with properties besides. */
    public static CoordinatorFixture start(Path directory, Map<String, Object> properties) {
        int port = freePort();
        var all = new HashMap<String, Object>(properties);
        all.put("coordinator.data-dir", directory);
        all.put("server.port", port);
        all.put("coordinator.raft-port", freePort());
        var fixture = new CoordinatorFixture(CoordinatorApplication.start(all), port);
        Awaitility.await().until(() -> fixture.get("/actuator/health/readiness").statusCode() == 200);
        Awaitility.await().until(() -> fixture.image().clusterId() != null);
        return fixture;
    }

    public static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The newest image, as a broker that knows nothing gets it. */
    public ClusterImage image() {
        var bytes = send(request("/internal/metadata").GET(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        return MetadataCodec.decodeDelta(bytes).applyTo(ClusterImage.EMPTY);
    }

    public ClusterImage awaitImage(Predicate<ClusterImage> condition) {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::image, condition);
    }

    public Registered registerBroker(int id) {
        UUID incarnation = UUID.randomUUID();
        UUID directory = UUID.randomUUID();
        HttpResponse<String> answer =
                post("/internal/brokers/" + id + "/registration", """
                {"incarnation":"%s","directory_id":"%s","url":"http://127.0.0.1:8080"}""".formatted(incarnation, directory));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode json = json(answer);
        return new Registered(
                incarnation,
                directory,
                json.get("broker_epoch").asLong(),
                json.get("version").asLong());
    }

    /** A heartbeat of a broker that has replayed its registration. */
    public JsonNode heartbeat(int id, Registered registered) {
        HttpResponse<String> answer =
                post("/internal/brokers/" + id + "/heartbeat", """
                {"broker_epoch":%d,"metadata_version":%d,"leaving":false}""".formatted(registered.epoch(), registered.version()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    public JsonNode createTopic(String name, int partitions) {
        HttpResponse<String> answer = post("/internal/topics", """
                {"name":"%s","partitions":%d,"configs":{}}""".formatted(name, partitions));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String json) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)),
                HttpResponse.BodyHandlers.ofString());
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    public <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    /** Ends the coordinator in good order; answers that are under way still arrive. */
    public void stop() {
        context.close();
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}

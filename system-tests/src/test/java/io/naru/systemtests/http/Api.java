package io.naru.systemtests.http;

import io.naru.systemtests.history.Seen;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls of the HTTP API that the tests make. Thread-safe. */
public final class Api implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PAGE = 5_000;

    private final String url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public Api(String url) {
        this.url = url;
    }

    /** An answer, whatever its status. */
    public record Answer(int status, String body) {
        /** The body as JSON. */
        public JsonNode json() {
            return JSON.readTree(body);
        }
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT).build());
    }

    public Answer post(String path, String contentType, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .timeout(LIMIT)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    /** Posts JSON that is stored once, however often it is posted with this key. */
    public Answer postOnce(String path, String key, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    /** Makes a topic; fails the test if that is refused. */
    public void createTopic(String name, int partitions) throws IOException, InterruptedException {
        createTopic(name, partitions, "");
    }

    /** The same; {@code configs} are the members of a JSON object. */
    public void createTopic(String name, int partitions, String configs) throws IOException, InterruptedException {
        Answer answer = post(
                "/v1/topics",
                "application/json",
                "{\"name\":\"" + name + "\",\"partitions\":" + partitions + ",\"configs\":{" + configs + "}}");
        if (answer.status() != 201) {
            throw new AssertionError("creating " + name + " was answered " + answer);
        }
    }

    /** Every record of a topic whose values are JSON strings, page by page from the first offset of each partition. */
    public List<Seen> readAll(String topic, int partitions) throws IOException, InterruptedException {
        List<Seen> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            long next = 0;
            long highWatermark;
            do {
                Answer answer = get("/v1/topics/" + topic + "/partitions/" + partition + "/records?offset=" + next
                        + "&limit=" + PAGE);
                if (answer.status() != 200) {
                    throw new AssertionError("reading " + topic + "-" + partition + " was answered " + answer);
                }
                JsonNode page = answer.json();
                page.path("records").forEach(record -> all.add(seen(record)));
                next = page.path("next_offset").asLong();
                highWatermark = page.path("high_watermark").asLong();
            } while (next < highWatermark);
        }
        return all;
    }

    /** A record as the API writes it. */
    static Seen seen(JsonNode record) {
        return new Seen(
                record.path("partition").asInt(),
                record.path("offset").asLong(),
                record.path("value").asString());
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

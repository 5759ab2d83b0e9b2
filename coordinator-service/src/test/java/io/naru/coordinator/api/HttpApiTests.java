package io.naru.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataCodec;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.MetadataRecord;
import io.naru.coordinator.testing.CoordinatorFixture;
import io.naru.coordinator.testing.CoordinatorFixture.Registered;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every call and every refusal, over a real server. */
class HttpApiTests {
    @TempDir
    private static Path directory;

    private static CoordinatorFixture coordinator;
    private static Registered broker;

    @BeforeAll
    static void start() {
        coordinator = CoordinatorFixture.start(
                directory, Map.of("coordinator.session.timeout", "10m", "coordinator.limits.body-bytes", "20000"));
        broker = coordinator.registerBroker(1);
        coordinator.heartbeat(1, broker);
    }

    @AfterAll
    static void stop() {
        coordinator.close();
    }

    @Test
    void aTopicIsMadeChangedAndEnded() {
        JsonNode made = coordinator.createTopic("orders", 2);
        String id = made.get("topic_id").asString();
        assertThat(coordinator.image().topics().get("orders").id()).hasToString(id);
        assertThat(made.get("version").asLong())
                .isLessThanOrEqualTo(coordinator.image().version());

        HttpResponse<String> changed = coordinator.post("/internal/topics/orders/alteration", """
                {"configs":{"segment.bytes":"1048576"},"partitions":3}""");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(CoordinatorFixture.json(changed).get("topic_id").asString()).isEqualTo(id);
        assertThat(coordinator.image().topics().get("orders").partitions()).hasSize(3);

        HttpResponse<String> back = coordinator.post("/internal/topics/orders/alteration", """
                {"configs":{"segment.bytes":null}}""");
        assertThat(back.statusCode()).isEqualTo(200);
        assertThat(coordinator.image().topics().get("orders").configs()).isEmpty();

        assertThat(coordinator.post("/internal/topics/orders/deletion", "{}").statusCode())
                .isEqualTo(200);
        assertThat(coordinator.image().topics()).doesNotContainKey("orders");
    }

    @Test
    void refusalsSayWhatTheyAre() {
        coordinator.createTopic("taken", 1);
        refused(ErrorCode.TOPIC_EXISTS, post("/internal/topics", "{'name':'taken','configs':{}}"));
        refused(ErrorCode.INVALID_TOPIC_NAME, post("/internal/topics", "{'name':'a/b','configs':{}}"));
        refused(ErrorCode.INVALID_CONFIG, post("/internal/topics", "{'name':'t','configs':{'x':'1'}}"));
        refused(
                ErrorCode.IMPOSSIBLE_ASSIGNMENT,
                post("/internal/topics", "{'name':'t','replication_factor':3,'configs':{}}"));
        refused(ErrorCode.TOPIC_NOT_FOUND, post("/internal/topics/none/deletion", "{}"));
        JsonNode stale =
                refused(ErrorCode.PRECONDITION_FAILED, post("/internal/topics/taken/alteration", "{'revision':'old'}"));
        assertThat(stale.get("revision").asString())
                .isEqualTo(coordinator.image().topics().get("taken").revision());
        assertThat(coordinator.image().topics()).doesNotContainKey("t");
    }

    @Test
    void aRepeatedRegistrationGetsTheSameAnswerAndARivalIsRefused() {
        Registered second = coordinator.registerBroker(2);
        String repeated = registration(second.incarnation(), second.directoryId());

        JsonNode again = CoordinatorFixture.json(coordinator.post("/internal/brokers/2/registration", repeated));
        assertThat(again.get("broker_epoch").asLong()).isEqualTo(second.epoch());
        assertThat(again.get("cluster_id").asString())
                .isEqualTo(coordinator.image().clusterId().toString());

        JsonNode rival = refused(
                ErrorCode.DUPLICATE_BROKER_ID,
                coordinator.post(
                        "/internal/brokers/2/registration", registration(UUID.randomUUID(), UUID.randomUUID())));
        assertThat(rival.get("retriable").asBoolean()).isTrue();
    }

    @Test
    void aLeavingBrokerIsFencedAtOnceAndAnOldEpochRefused() {
        Registered third = coordinator.registerBroker(3);
        coordinator.heartbeat(3, third);
        String leaving =
                "{'broker_epoch':%d,'metadata_version':%d,'leaving':true}".formatted(third.epoch(), third.version());

        HttpResponse<String> answer = post("/internal/brokers/3/heartbeat", leaving);
        assertThat(CoordinatorFixture.json(answer).get("fenced").asBoolean()).isTrue();
        assertThat(coordinator.image().broker(3).fenced()).isTrue();

        coordinator.registerBroker(3);
        refused(ErrorCode.STALE_BROKER_EPOCH, post("/internal/brokers/3/heartbeat", leaving));
    }

    @Test
    void anotherClustersBrokerIsRefused() {
        String foreign = "{'cluster_id':'%s','incarnation':'%s','directory_id':'%s','url':'http://a'}"
                .formatted(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

        refused(ErrorCode.FOREIGN_CLUSTER, post("/internal/brokers/9/registration", foreign));
        assertThat(coordinator.image().broker(9)).isNull();
    }

    @Test
    void theFeedResumesByVersion() {
        ClusterImage before = coordinator.image();
        coordinator.createTopic("resumed", 1);

        MetadataDelta delta = feed("?after_version=" + before.version());

        assertThat(delta.snapshot()).isFalse();
        assertThat(delta.records()).anyMatch(MetadataRecord.TopicCreated.class::isInstance);
        assertThat(delta.applyTo(before)).isEqualTo(coordinator.image());
    }

    @Test
    void whoIsAheadIsNotTakenBack() {
        refused(
                ErrorCode.COORDINATOR_UNAVAILABLE,
                coordinator.send(
                        coordinator
                                .request("/internal/metadata?after_version=1000000&wait_ms=1")
                                .GET(),
                        HttpResponse.BodyHandlers.ofString()));
    }

    @Test
    void whoHasNothingGetsASnapshotOrEverything() {
        assertThat(feed("").applyTo(ClusterImage.EMPTY)).isEqualTo(coordinator.image());
    }

    @Test
    void theFeedWaitsForNews() throws Exception {
        long version = coordinator.image().version();
        CompletableFuture<MetadataDelta> waiting =
                CompletableFuture.supplyAsync(() -> feed("?after_version=" + version + "&wait_ms=30000"));

        coordinator.createTopic("news", 1);

        assertThat(waiting.get(30, TimeUnit.SECONDS).toVersion()).isGreaterThan(version);
        long now = coordinator.image().version();
        assertThat(feed("?after_version=" + now + "&wait_ms=1").records()).isEmpty();
    }

    @Test
    void theQuorumDescribesItself() {
        HttpResponse<String> answer = coordinator.get("/v1/quorum");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode quorum = CoordinatorFixture.json(answer);
        assertThat(quorum.get("leader").asString()).isEqualTo("1");
        assertThat(quorum.get("members").get(0).get("role").asString()).isEqualTo("leader");
    }

    @Test
    void itIsHealthyAndMeasured() {
        assertThat(coordinator.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        JsonNode readiness = CoordinatorFixture.json(coordinator.get("/actuator/health/readiness"));
        assertThat(readiness
                        .get("components")
                        .get("quorum")
                        .get("details")
                        .get("leader")
                        .asString())
                .isEqualTo("1");
        assertThat(coordinator.get("/actuator/prometheus").body())
                .contains("activecontrollercount 1.0", "metadata_version", "brokers_registered", "brokers_fenced")
                .contains("decide_seconds_count", "apply_seconds_count", "topics ", "partitions ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "INVALID_JSON    | {",
                "INVALID_JSON    | {'name':'a','name':'b','configs':{}}",
                "INVALID_JSON    | {'name':NaN}",
                "UNKNOWN_FIELD   | {'name':'a','configs':{},'colour':'red'}",
                "INVALID_REQUEST | []",
                "INVALID_REQUEST | null",
                "INVALID_REQUEST | 'text'",
                "INVALID_REQUEST | {'configs':{}}",
                "INVALID_REQUEST | {'name':'a'}",
                "INVALID_REQUEST | {'name':7,'configs':{}}",
                "INVALID_REQUEST | {'name':'a','partitions':'3','configs':{}}",
                "INVALID_REQUEST | {'name':'a','partitions':1.5,'configs':{}}",
                "INVALID_REQUEST | {'name':'a','partitions':99999999999,'configs':{}}",
                "INVALID_REQUEST | {'name':'a','partitions':1e400000,'configs':{}}",
                "INVALID_REQUEST | {'name':'a','configs':{'segment.bytes':null}}",
                "INVALID_REQUEST | {'name':'a','configs':[]}",
                "INVALID_REQUEST | {'name':'a','partitions':-1,'configs':{}}",
                "IMPOSSIBLE_ASSIGNMENT | {'name':'a','partitions':2147483647,'configs':{}}"
            })
    void aBodyThatMakesNoSenseIsRefused(ErrorCode code, String body) {
        refused(code, post("/internal/topics", body));
    }

    @Test
    void aBodyThatIsTooDeepOrTooLongIsRefused() {
        refused(ErrorCode.INVALID_REQUEST, coordinator.post("/internal/topics", "[".repeat(10_000)));
        refused(ErrorCode.BODY_TOO_LARGE, coordinator.post("/internal/topics", " ".repeat(30_000)));
        var endless = HttpRequest.BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(" ".repeat(30_000).getBytes(StandardCharsets.UTF_8)));
        refused(
                ErrorCode.BODY_TOO_LARGE,
                coordinator.send(
                        coordinator
                                .request("/internal/topics")
                                .header("Content-Type", "application/json")
                                .POST(endless),
                        HttpResponse.BodyHandlers.ofString()));
        refused(
                ErrorCode.INVALID_REQUEST,
                coordinator.send(
                        coordinator
                                .request("/internal/topics")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.noBody()),
                        HttpResponse.BodyHandlers.ofString()));
    }

    @Test
    void invalidUtf8IsRefused() {
        byte[] body = "{\"name\":\"aXX\",\"configs\":{}}".getBytes(StandardCharsets.UTF_8);
        body[10] = (byte) 0xC3;
        body[11] = (byte) 0x28;

        refused(
                ErrorCode.INVALID_JSON,
                coordinator.send(
                        coordinator
                                .request("/internal/topics")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
                        HttpResponse.BodyHandlers.ofString()));
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_PARAMETER, /internal/metadata?after_version=-1",
        "INVALID_PARAMETER, /internal/metadata?after_version=x",
        "INVALID_PARAMETER, /internal/metadata?after_version=9223372036854775808",
        "INVALID_PARAMETER, /internal/metadata?wait_ms=-1",
        "INVALID_PARAMETER, /internal/metadata?wait_ms=30001",
        "INVALID_PARAMETER, /internal/metadata?wait_ms=1&wait_ms=2",
        "UNKNOWN_PARAMETER, /internal/metadata?since=1",
        "UNKNOWN_PARAMETER, /v1/quorum?x",
        "PATH_NOT_FOUND, /",
        "PATH_NOT_FOUND, /v1",
        "PATH_NOT_FOUND, /v1/quorum/x",
        "PATH_NOT_FOUND, /actuator/env",
        "METHOD_NOT_ALLOWED, /internal/topics"
    })
    void aRequestThatLeadsNowhereIsRefused(ErrorCode code, String path) {
        JsonNode problem = refused(code, coordinator.get(path));
        assertThat(problem.has("outcome")).isFalse();
    }

    @Test
    void anIdThatIsNoNumberIsRefused() {
        refused(ErrorCode.INVALID_PARAMETER, post("/internal/brokers/x/heartbeat", "{}"));
        refused(ErrorCode.INVALID_PARAMETER, post("/internal/brokers/2147483648/heartbeat", "{}"));
        refused(
                ErrorCode.INVALID_REQUEST,
                coordinator.post(
                        "/internal/brokers/-1/registration", registration(UUID.randomUUID(), UUID.randomUUID())));
        refused(ErrorCode.INVALID_REQUEST, post("/internal/brokers/1/heartbeat", "{'broker_epoch':null}"));
    }

    @Test
    void typesAreTakenSeriously() {
        refused(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                coordinator.send(
                        coordinator
                                .request("/internal/topics")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")),
                        HttpResponse.BodyHandlers.ofString()));
        refused(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                coordinator.send(
                        coordinator
                                .request("/internal/topics")
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", "gzip")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")),
                        HttpResponse.BodyHandlers.ofString()));
        refused(
                ErrorCode.NOT_ACCEPTABLE,
                coordinator.send(
                        coordinator
                                .request("/internal/metadata")
                                .header("Accept", "text/html")
                                .GET(),
                        HttpResponse.BodyHandlers.ofString()));
    }

    @Test
    void aForeignPageMayChangeNothing() {
        JsonNode problem = refused(
                ErrorCode.FOREIGN_ORIGIN,
                coordinator.send(
                        coordinator
                                .request("/internal/topics")
                                .header("Content-Type", "application/json")
                                .header("Origin", "http://evil.example")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"evil\",\"configs\":{}}")),
                        HttpResponse.BodyHandlers.ofString()));
        assertThat(problem.get("outcome").asString()).isEqualTo("not_applied");
        assertThat(coordinator.image().topics()).doesNotContainKey("evil");

        HttpResponse<String> own = coordinator.send(
                coordinator
                        .request("/internal/topics")
                        .header("Content-Type", "application/json")
                        .header("Origin", "http://127.0.0.1:" + coordinator.port())
                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"own\",\"configs\":{}}")),
                HttpResponse.BodyHandlers.ofString());
        assertThat(own.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/quorum HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n=>40302",
                "GET /v1/quorum HTTP/1.1\r\nConnection: close\r\n\r\n=>40001",
                "GET /v1/../v1/quorum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40001",
                "GET /v1//quorum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40001",
                "GET /v1/%2e%2e/quorum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40001",
                "GET /v1;a=b/quorum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40001",
                "GET /v1%2Fquorum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40001",
                "GET /v1/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40001",
                "GET /v1|quorum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40001",
                "TRACE /v1/quorum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n=>40500",
                "GARBAGE\r\n\r\n=>40001",
                "POST /internal/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 99999999\r\nConnection: close\r\n\r\n=>41301"
            })
    void whatNoHonestClientSendsIsRefusedAsAProblemToo(String exchange) throws Exception {
        String[] parts = exchange.split("=>");
        try (var socket = new Socket("127.0.0.1", coordinator.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(parts[0].getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + parts[1].substring(0, 3))
                    .contains("application/problem+json", "\"error_code\":" + parts[1]);
        }
        assertThat(coordinator.get("/v1/quorum").statusCode()).isEqualTo(200);
    }

    @Test
    void theDescriptionHasPagesForPeople() {
        assertThat(coordinator.get("/openapi").body()).contains("\"Naru coordinator\"");
        HttpResponse<String> ui = coordinator.get("/openapi/ui");
        assertThat(ui.statusCode()).isEqualTo(302);
        String page = ui.headers().firstValue("Location").orElseThrow();
        assertThat(coordinator.get(page).body()).contains("Swagger UI", "swagger-initializer.js");
        assertThat(coordinator.get("/openapi/ui/swagger-initializer.js").body()).contains("url: '/openapi'");
        assertThat(coordinator.get("/openapi/ui/swagger-ui-bundle.js").body()).hasSizeGreaterThan(100_000);
        refused(ErrorCode.PATH_NOT_FOUND, coordinator.get("/openapi/ui/pom.xml"));
    }

    private static MetadataDelta feed(String query) {
        HttpResponse<byte[]> answer = coordinator.send(
                coordinator.request("/internal/metadata" + query).GET(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(MetadataCodec.MEDIA_TYPE);
        return MetadataCodec.decodeDelta(answer.body());
    }

    private static String registration(UUID incarnation, UUID directory) {
        return """
                {"incarnation":"%s","directory_id":"%s","url":"http://127.0.0.1:8080"}""".formatted(incarnation, directory);
    }

    /** With single quotes, for the sake of the reader. */
    private static HttpResponse<String> post(String path, String json) {
        return coordinator.post(path, json.replace('\'', '"'));
    }

    private static JsonNode refused(ErrorCode code, HttpResponse<String> answer) {
        assertThat(answer.body()).contains("\"error_code\":" + code.code());
        assertThat(answer.statusCode()).isEqualTo(code.httpStatus());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = CoordinatorFixture.json(answer);
        assertThat(problem.get("type").asString()).startsWith("urn:naru:problem:");
        assertThat(problem.get("title").asString()).isEqualTo(code.title());
        assertThat(problem.get("retriable").asBoolean()).isEqualTo(code.retriable());
        assertThat(problem.get("detail").asString()).isNotBlank().doesNotContain("io.naru", "tools.jackson");
        assertThat(coordinator.get("/v1/quorum").statusCode()).isEqualTo(200);
        return problem;
    }
}

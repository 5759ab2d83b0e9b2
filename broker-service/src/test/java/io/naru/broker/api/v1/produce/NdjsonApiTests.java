package io.naru.broker.api.v1.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.api.web.RequestBodies;
import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.RawConnection;
import io.naru.broker.testing.Stored;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writing records as a stream of lines. */
@Timeout(60)
class NdjsonApiTests {
    private static final String RECORDS = "/v1/topics/orders/records";
    private static final String HEAD = "POST " + RECORDS + "%s HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** The third of net.ipv4.tcp_wmem, as Linux sets it up. */
    private static final int MOST_OF_A_SEND_BUFFER = 4 << 20;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static TestBroker broker;
    private static HttpCalls calls;

    @BeforeAll
    static void start() {
        broker = TestBroker.start("http.max-request-bytes=256KB");
        calls = broker.calls();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopic() {
        broker.cluster().create("orders", 3, Map.of());
    }

    @AfterEach
    void deleteAllAndFindNothingHeld() {
        broker.partitions().heal();
        for (TopicImage topic : broker.cluster().image().topics().values()) {
            broker.cluster().apply(new MetadataRecord.TopicDeleted(topic.id()));
        }
        await().until(() -> broker.bean(RequestBodies.class).heldBytes() == 0);
    }

    @Test
    void eachLineIsAcknowledgedInOrder() {
        Answer answer = stream("{\"partition\":0,\"value\":1,\"timestamp\":5}\n"
                + "{\"partition\":1,\"value_text\":\"a\",\"timestamp\":6}\r\n"
                + "{\"partition\":0,\"value\":null,\"timestamp\":7}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(answer.text())
                .isEqualTo("{\"line\":1,\"partition\":0,\"offset\":0,\"timestamp\":5}\n"
                        + "{\"line\":2,\"partition\":1,\"offset\":0,\"timestamp\":6}\n"
                        + "{\"line\":3,\"partition\":0,\"offset\":1,\"timestamp\":7}\n"
                        + "{\"received\":3,\"stored\":3,\"failed\":0}\n");
    }

    @Test
    void anEmptyStreamIsCountedToo() {
        assertThat(stream("").text()).isEqualTo("{\"received\":0,\"stored\":0,\"failed\":0}\n");
        assertThat(stream("\n \r\n\n").text()).isEqualTo("{\"received\":0,\"stored\":0,\"failed\":0}\n");
    }

    @Test
    void badLinesAreReportedByTheirNumberAndSkipped() {
        List<JsonNode> lines = lines(stream("{\"value\":1}\n\n{\"value\":}\n7\n{\"value\":1,\"x\":2}\n"
                + "{\"value\":1,\"partition\":9}\n{\"value\":1} {\"value\":2}\n{\"value\":2}\n"));

        assertThat(lines.stream().map(line -> line.path("line").asInt())).containsExactly(1, 3, 4, 5, 6, 7, 8, 0);
        assertThat(lines.stream().map(line -> line.path("error_code").asInt()))
                .containsExactly(0, 40002, 40006, 40006, 40402, 40002, 0, 0);
        assertThat(lines.get(1).path("outcome").asString()).isEqualTo("not_applied");
        assertThat(lines.get(1).path("type").asString()).isEqualTo("urn:naru:problem:invalid-json");
        assertThat(lines.getLast().toString()).isEqualTo("{\"received\":7,\"stored\":2,\"failed\":5}");
    }

    @Test
    void aLineThatIsTooLongIsPassedOver() {
        String tooLong = "{\"value\":\"" + "a".repeat(300 << 10) + "\"}";
        String fits = "{\"partition\":0,\"value\":\"" + "b".repeat(200 << 10) + "\"}";

        List<JsonNode> lines = lines(stream("{\"value\":1}\n" + tooLong + "\n" + fits + "\n" + tooLong));

        assertThat(lines.stream().map(line -> line.path("error_code").asInt())).containsExactly(0, 41302, 0, 41302, 0);
        assertThat(lines.stream().map(line -> line.path("line").asInt())).containsExactly(1, 2, 3, 4, 0);
        assertThat(lines.getLast().toString()).isEqualTo("{\"received\":4,\"stored\":2,\"failed\":2}");
        assertThat(Stored.in(broker.partitions().partition("orders", 0))
                        .getLast()
                        .value())
                .hasSize((200 << 10) + 2);
    }

    @Test
    void aRecordThatIsTooLargeIsReportedAndTheRestStored() {
        broker.cluster().create("small", 1, Map.of("max.message.bytes", "1024"));

        List<JsonNode> lines =
                lines(stream("/v1/topics/small/records", "{\"value\":\"" + "a".repeat(2000) + "\"}\n{\"value\":1}\n"));

        assertThat(lines.get(0).path("error_code").asInt()).isEqualTo(41302);
        assertThat(lines.get(1).path("offset").asInt(-1)).isZero();
    }

    @Test
    void theAnswerBeginsBeforeTheFirstLineAndFollowsEach() throws IOException {
        try (var connection = begin()) {
            assertThat(connection.readHead()).startsWith("HTTP/1.1 200").contains("application/x-ndjson");

            connection.sendChunk("{\"partition\":0,\"value\":1,\"timestamp\":5}\n");
            assertThat(connection.readChunk()).isEqualTo("{\"line\":1,\"partition\":0,\"offset\":0,\"timestamp\":5}\n");

            connection.sendChunk("{\"partition\":0,");
            connection.sendChunk("\"value\":2,\"timestamp\":6}\n{\"partition\":0,\"value\":3,\"timestamp\":7}\n{");
            assertThat(connection.readChunk())
                    .isEqualTo("{\"line\":2,\"partition\":0,\"offset\":1,\"timestamp\":6}\n"
                            + "{\"line\":3,\"partition\":0,\"offset\":2,\"timestamp\":7}\n");

            connection.sendChunk("\"partition\":0,\"value\":4,\"timestamp\":8}").sendLastChunk();
            assertThat(connection.readChunk()).isEqualTo("{\"line\":4,\"partition\":0,\"offset\":3,\"timestamp\":8}\n");
            assertThat(connection.readChunk()).isEqualTo("{\"received\":4,\"stored\":4,\"failed\":0}\n");
            assertThat(connection.readChunk()).isEmpty();
        }
    }

    @Test
    void linesThatComeTogetherAreAppendedTogether() {
        int before = broker.partitions().appends();

        List<JsonNode> lines = lines(stream("{\"partition\":0,\"value\":1}\n".repeat(100)));

        assertThat(lines).hasSize(101);
        assertThat(lines.get(99).path("offset").asInt()).isEqualTo(99);
        assertThat(broker.partitions().appends() - before).isLessThan(5);
    }

    @Test
    void manyLinesAreStoredInOrder() {
        var body = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            body.append("{\"partition\":1,\"value\":").append(i).append("}\n");
        }

        List<JsonNode> lines = lines(stream(body.toString()));

        assertThat(lines).hasSize(50_001);
        for (int i = 0; i < 50_000; i += 997) {
            assertThat(lines.get(i).path("line").asInt()).isEqualTo(i + 1);
            assertThat(lines.get(i).path("offset").asInt()).isEqualTo(i);
        }
        List<Stored> stored = Stored.in(broker.partitions().partition("orders", 1));
        assertThat(stored).hasSize(50_000);
        assertThat(stored.get(49_999).value()).isEqualTo("49999");
    }

    @Test
    void aFailedAppendEndsTheStreamOnceEveryLineIsReported() throws IOException {
        try (var connection = begin()) {
            connection.readHead();
            connection.sendChunk("{\"partition\":0,\"value\":1}\n");
            connection.readChunk();
            broker.partitions().fail("orders", 1, ErrorCode.STORAGE_FULL);

            connection.sendChunk(
                    "{\"partition\":0,\"value\":2,\"timestamp\":5}\n{\"partition\":1,\"value\":3}\n{\"value\":}\n");

            JsonNode[] lines =
                    connection.readChunk().lines().map(JSON::readTree).toArray(JsonNode[]::new);
            assertThat(lines[0].toString()).isEqualTo("{\"line\":2,\"partition\":0,\"offset\":1,\"timestamp\":5}");
            assertThat(lines[1].path("line").asInt()).isEqualTo(3);
            assertThat(lines[1].path("error_code").asInt()).isEqualTo(50701);
            assertThat(lines[2].path("error_code").asInt()).isEqualTo(40002);
            assertThat(connection.readChunk()).isEqualTo("{\"received\":4,\"stored\":2,\"failed\":2}\n");
            assertThat(connection.readChunk()).isEmpty();

            // What the client still sends is passed over, and its connection goes on.
            connection
                    .sendChunk("{\"partition\":0,\"value\":3}\n".repeat(10_000))
                    .sendLastChunk();
            connection.send("GET /v1/topics/orders HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.readHead()).startsWith("HTTP/1.1 200");
            assertThat(broker.partitions().partition("orders", 0).logEndOffset())
                    .isEqualTo(2);
        }
    }

    @Test
    void aLineThatIsNotConfirmedInTimeEndsTheStream() throws IOException {
        broker.partitions().hold();
        try (var connection = begin("?timeout_ms=50")) {
            connection.readHead();
            connection.sendChunk("{\"partition\":0,\"value\":1}\n");

            JsonNode line = JSON.readTree(connection.readChunk());

            assertThat(line.path("line").asInt()).isEqualTo(1);
            assertThat(line.path("error_code").asInt()).isEqualTo(50401);
            assertThat(line.path("outcome").asString()).isEqualTo("unknown");
            assertThat(connection.readChunk()).isEqualTo("{\"received\":1,\"stored\":0,\"failed\":1}\n");
        }
    }

    @Test
    void aTopicThatIsDeletedMeanwhileEndsTheStream() throws IOException {
        try (var connection = begin()) {
            connection.readHead();
            connection.sendChunk("{\"partition\":0,\"value\":1}\n");
            connection.readChunk();
            broker.cluster()
                    .apply(new MetadataRecord.TopicDeleted(
                            broker.cluster().image().topic("orders").id()));

            connection.sendChunk("{\"partition\":0,\"value\":1}\n");

            assertThat(JSON.readTree(connection.readChunk()).path("error_code").asInt())
                    .isEqualTo(40401);
            assertThat(connection.readChunk()).isEqualTo("{\"received\":2,\"stored\":1,\"failed\":1}\n");
        }
    }

    @Test
    void keylessLinesOfOneStreamStayTogether() throws IOException {
        try (var connection = begin()) {
            connection.readHead();
            connection.sendChunk("{\"value\":0}\n");
            int partition =
                    JSON.readTree(connection.readChunk()).path("partition").asInt();
            for (int i = 1; i < 20; i++) {
                connection.sendChunk("{\"value\":0}\n");
                JsonNode receipt = JSON.readTree(connection.readChunk());
                assertThat(receipt.path("partition").asInt()).isEqualTo(partition);
                assertThat(receipt.path("offset").asInt()).isEqualTo(i);
            }
        }
    }

    /** The acknowledgements are held back, so nothing may be read beyond the bound of what is in flight. */
    @Test
    void unacknowledgedLinesHoldTheSenderBack() throws Exception {
        broker.partitions().hold();
        try (var connection = begin("?timeout_ms=60000")) {
            connection.readHead();
            String lines = ("{\"partition\":0,\"value\":\"" + "a".repeat(1000) + "\"}\n").repeat(50);
            var sent = new AtomicInteger();
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 1000; i++) {
                        connection.sendChunk(lines);
                        sent.incrementAndGet();
                    }
                    connection.sendLastChunk();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            await().until(() -> broker.partitions().partition("orders", 0).logEndOffset() > 900);
            await().during(Duration.ofMillis(300))
                    .until(() -> broker.partitions().partition("orders", 0).logEndOffset() < 2500);
            assertThat(sender.isAlive()).isTrue();

            Thread healer = Thread.startVirtualThread(() -> broker.partitions().heal());
            String last = "";
            for (String chunk = connection.readChunk(); !chunk.isEmpty(); chunk = connection.readChunk()) {
                last = chunk;
            }
            assertThat(last).endsWith("{\"received\":50000,\"stored\":50000,\"failed\":0}\n");
            sender.join();
            healer.join();
        }
    }

    /** A client that sends and never reads is stopped by its full socket, and the broker keeps next to nothing. */
    @Test
    void aClientThatDoesNotReadItsReceiptsIsHeldBack() throws Exception {
        Thread sender;
        try (var connection = new RawConnection(broker.port(), 4096).send(HEAD.formatted(""))) {
            String lines = "{\"partition\":0,\"value\":1}\n".repeat(2000);
            sender = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        connection.sendChunk(lines);
                    }
                } catch (IOException closed) {
                    // As soon as the test is over.
                }
            });

            var seen = new AtomicLong();
            await().pollInterval(Duration.ofMillis(500)).until(() -> {
                long end = broker.partitions().partition("orders", 0).logEndOffset();
                return end > 0 && seen.getAndSet(end) == end;
            });
            assertThat(broker.bean(RequestBodies.class).heldBytes()).isLessThan(1 << 20);
            // All that is stored has its receipt made, or may have: besides what the system's send buffer took, little.
            assertThat(seen.get() * "{\"line\":1,\"partition\":0,\"offset\":0,\"timestamp\":1764000000000}\n".length())
                    .isLessThan(MOST_OF_A_SEND_BUFFER + (2 << 20));
            assertThat(sender.isAlive()).isTrue();
        }
        sender.join();
        assertThat(stream("{\"value\":1}\n").status()).isEqualTo(200);
    }

    /** Lines behind one there was no memory for are not taken: receipts would lie about what is stored. */
    @Test
    void aStreamThatTheBrokerHasNoMemoryForEndsAndTakesNothingMore() throws IOException {
        try (TestBroker narrow = TestBroker.start("http.max-request-bytes=256KB", "http.max-bodies-bytes=256KB")) {
            narrow.cluster().create("orders", 1, Map.of());
            RequestBodies.Share others = narrow.bean(RequestBodies.class).share();
            others.take(200 << 10);
            try (var connection = begin(narrow, "")) {
                connection.readHead();
                connection.sendChunk("{\"value\":1}\n");
                connection.readChunk();

                connection.sendChunk("{\"value\":\"" + "a".repeat(100 << 10) + "\"}\n");
                connection.sendChunk("{\"value\":3}\n".repeat(1000)).sendLastChunk();

                JsonNode line = JSON.readTree(connection.readChunk());
                assertThat(line.path("line").asInt()).isEqualTo(2);
                assertThat(line.path("error_code").asInt()).isEqualTo(ErrorCode.OVERLOADED.code());
                assertThat(connection.readChunk()).isEqualTo("{\"received\":2,\"stored\":1,\"failed\":1}\n");
                assertThat(connection.readChunk()).isEmpty();
                assertThat(narrow.partitions().partition("orders", 0).logEndOffset())
                        .isEqualTo(1);
            }
            others.release();
            await().until(() -> narrow.bean(RequestBodies.class).heldBytes() == 0);
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() throws IOException {
        try (var connection = begin()) {
            connection.readHead();
            connection.sendChunk("{\"partition\":0,\"value\":1}\n{\"partition\":0,");
            connection.readChunk();
            assertThat(broker.bean(RequestBodies.class).heldBytes()).isPositive();
        }
        await().until(() -> broker.bean(RequestBodies.class).heldBytes() == 0);
        assertThat(broker.partitions().partition("orders", 0).logEndOffset()).isEqualTo(1);
    }

    @Test
    void aStoppingBrokerEndsStreamsAndSaysWhy() throws IOException {
        try (TestBroker stopping = TestBroker.start()) {
            stopping.cluster().create("orders", 1, Map.of());
            try (var connection = begin(stopping, "")) {
                connection.readHead();
                connection.sendChunk("{\"value\":1}\n");
                connection.readChunk();

                stopping.bean(NdjsonProduce.class).shutdown();

                JsonNode[] last =
                        connection.readChunk().lines().map(JSON::readTree).toArray(JsonNode[]::new);
                assertThat(last[0].path("error_code").asInt()).isEqualTo(50306);
                assertThat(last[1].toString()).isEqualTo("{\"received\":1,\"stored\":1,\"failed\":0}");
                assertThat(connection.readChunk()).isEmpty();
            }
            assertThat(stopping.calls()
                            .send("POST", RECORDS, "{}".getBytes(), "Content-Type", "application/x-ndjson")
                            .failure())
                    .isEqualTo("503 50306");
        }
    }

    @Test
    void anUnknownTopicIsRefusedBeforeTheStreamBegins() {
        assertThat(stream("/v1/topics/none/records", "{\"value\":1}\n").failure())
                .isEqualTo("404 40401");
        assertThat(stream(RECORDS + "?key=a", "{\"value\":1}\n").failure()).isEqualTo("400 40005");
    }

    private static Answer stream(String body) {
        return stream(RECORDS, body);
    }

    private static Answer stream(String path, String body) {
        return calls.send("POST", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/x-ndjson");
    }

    private static List<JsonNode> lines(Answer answer) {
        return answer.text().lines().map(JSON::readTree).toList();
    }

    private static RawConnection begin() throws IOException {
        return begin("");
    }

    private static RawConnection begin(String query) throws IOException {
        return begin(broker, query);
    }

    private static RawConnection begin(TestBroker at, String query) throws IOException {
        return new RawConnection(at.port()).send(HEAD.formatted(query));
    }
}

package io.naru.broker.api.v1.read;

import static io.naru.broker.testing.Batches.TIME;
import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.testing.Batches;
import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.SteeredPartition;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class PartitionRecordsTests {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static TestBroker broker;
    private static int topics;

    private String topic;
    private SteeredPartition partition;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) {
        topic = "topic-" + topics++;
        broker.cluster().create(topic, 1);
        partition = broker.partitions().partition(topic, 0);
    }

    private String path(String rest) {
        return "/v1/topics/" + topic + "/partitions/0/records" + rest;
    }

    private JsonNode page(String query) {
        Answer answer = broker.calls().get(path(query));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return JSON.readTree(answer.text());
    }

    private static List<Long> offsets(JsonNode page) {
        var offsets = new ArrayList<Long>();
        page.get("records").forEach(one -> offsets.add(one.get("offset").longValue()));
        return offsets;
    }

    @Test
    void answersAPageAsOneDocument() {
        append(partition, Entry.of("a", "{\"n\": 1}").with("h", "v"), Entry.of(null, "text"));

        Answer answer = broker.calls().get(path(""));

        assertThat(answer.text()).isEqualTo("""
                        {"records":[{"topic":"%s","partition":0,"offset":0,"timestamp":%d,"key":"a","value":{"n": 1},\
                        "headers":[{"name":"h","value":"v"}]},{"topic":"%s","partition":0,"offset":1,"timestamp":%d,\
                        "key":null,"value_text":"text","headers":[]}],"next_offset":2,"high_watermark":2}""".formatted(topic, TIME, topic, TIME));
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
    }

    @Test
    void answersAsTheContractSaysItDoes() {
        append(partition, Entry.of("a", "{\"n\": 1}").with("h", "v"), Entry.of(null, "text"));

        PartitionPageView page =
                JSON.readValue(broker.calls().get(path("?key=a")).text(), PartitionPageView.class);

        assertThat(page.scannedTo()).isEqualTo(2);
        assertThat(page.records()).hasSize(1);
        assertThat(page.records().getFirst().headers().getFirst().value()).isEqualTo("v");
    }

    @Test
    void answersLinesToWhoAcceptsThem() {
        append(partition, Entry.of("a", "{\n}"), Entry.of("b", null));

        Answer answer = broker.calls().get(path(""), "Accept", "application/x-ndjson");

        assertThat(answer.text()).isEqualTo("""
                        {"topic":"%s","partition":0,"offset":0,"timestamp":%d,"key":"a","value":{ },"headers":[]}
                        {"topic":"%s","partition":0,"offset":1,"timestamp":%d,"key":"b","value":null,"headers":[]}
                        """.formatted(topic, TIME, topic, TIME));
        assertThat(answer.header("naru-next-offset")).isEqualTo("2");
        assertThat(answer.header("naru-high-watermark")).isEqualTo("2");
    }

    @Test
    void answersTheVeryBatchesToWhoAcceptsThem() {
        append(partition, Entry.of("a", "1"), Entry.of("b", "2"));
        append(partition, Codec.ZSTD, List.of(Entry.of("c", "3")));

        Answer answer = broker.calls().get(path("?offset=1"), "Accept", "application/vnd.naru.record-batch");

        var cursor = new RecordCursor(ByteBuffer.wrap(answer.body()));
        var keys = new ArrayList<String>();
        while (cursor.next()) {
            keys.add(cursor.offset()
                    + new String(cursor.array(), cursor.keyOffset(), cursor.keyLength(), StandardCharsets.UTF_8));
        }
        assertThat(keys).containsExactly("0a", "1b", "2c");
        assertThat(answer.header("content-type")).isEqualTo("application/vnd.naru.record-batch");
        assertThat(answer.header("naru-next-offset")).isEqualTo("3");
        assertThat(broker.calls()
                        .get(path("?limit=1"), "Accept", "application/vnd.naru.record-batch")
                        .text())
                .contains("\"error_code\":40005");
    }

    @Test
    void readsThroughAllPagesWithoutLossOrRepetition() {
        for (int i = 0; i < 50; i++) {
            append(
                    partition,
                    Codec.ZSTD,
                    IntStream.range(0, 7).mapToObj(n -> Entry.of("k" + n, "v")).toList());
        }
        var seen = new ArrayList<Long>();
        long next = 0;
        do {
            JsonNode page = page("?offset=" + next + "&limit=11&max_bytes=900");
            seen.addAll(offsets(page));
            assertThat(page.get("next_offset").longValue()).isGreaterThan(next);
            next = page.get("next_offset").longValue();
        } while (next < 350);

        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 350).mapToObj(Long::valueOf).toList());
    }

    @Test
    void returnsARecordLargerThanThePageAlone() {
        append(partition, Entry.of("a", "small"), Entry.of("b", "x".repeat(100_000)), Entry.of("c", "small"));

        assertThat(offsets(page("?offset=0&max_bytes=200"))).containsExactly(0L);
        assertThat(offsets(page("?offset=1&max_bytes=200"))).containsExactly(1L);
        assertThat(offsets(page("?offset=2&max_bytes=200"))).containsExactly(2L);
    }

    @Test
    void beginsWhereItIsTold() {
        append(partition, Entry.of("a", "1").at(100));
        append(partition, Entry.of("b", "2").at(200));
        append(partition, Entry.of("c", "3").at(300));

        assertThat(offsets(page(""))).containsExactly(0L, 1L, 2L);
        assertThat(offsets(page("?offset=earliest"))).containsExactly(0L, 1L, 2L);
        assertThat(offsets(page("?offset=1"))).containsExactly(1L, 2L);
        assertThat(offsets(page("?timestamp=150"))).containsExactly(1L, 2L);
        assertThat(offsets(page("?last=1"))).containsExactly(2L);
        assertThat(offsets(page("?last=99"))).containsExactly(0L, 1L, 2L);
        assertThat(page("?offset=latest").get("next_offset").longValue()).isEqualTo(3);
        assertThat(page("?timestamp=301").get("next_offset").longValue()).isEqualTo(3);
    }

    @Test
    void showsOnlyWhatIsAcknowledged() {
        append(partition, "seen");
        partition.holdHighWatermark();
        append(partition, "unseen");

        assertThat(offsets(page(""))).containsExactly(0L);
        JsonNode between = page("?offset=1");
        assertThat(offsets(between)).isEmpty();
        assertThat(between.get("next_offset").longValue()).isEqualTo(1);
        assertThat(broker.calls().get(path("/1")).status()).isEqualTo(404);
    }

    @Test
    void refusesOffsetsThatAreNotThere() {
        for (int i = 0; i < 5; i++) {
            append(partition, "v" + i);
        }
        Answer ahead = broker.calls().get(path("?offset=6"));
        assertThat(ahead.status()).isEqualTo(422);
        assertThat(ahead.text()).contains("\"log_start_offset\":0", "\"high_watermark\":5");
        partition.moveLogStart(2);

        Answer gone = broker.calls().get(path("?offset=1"));
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.text()).contains("\"log_start_offset\":2", "\"high_watermark\":5");
        assertThat(offsets(page("?offset=earliest"))).containsExactly(2L, 3L, 4L);
        assertThat(offsets(page("?last=100"))).containsExactly(2L, 3L, 4L);
    }

    @ParameterizedTest
    @CsvSource({
        "offset=-1, 40005",
        "offset=x, 40005",
        "offset=9223372036854775808, 40005",
        "offset=1&timestamp=2, 40005",
        "last=-1, 40005",
        "limit=0, 40005",
        "limit=10001, 40005",
        "max_bytes=0, 40005",
        "wait_ms=30001, 40005",
        "value_format=hex, 40005",
        "header.=x, 40004",
        "ofset=1, 40004",
    })
    void refusesParametersThatMakeNoSense(String query, int code) {
        Answer answer = broker.calls().get(path("?" + query));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("\"error_code\":" + code);
    }

    @Test
    void refusesWhatIsNotThereOrNotOffered() {
        assertThat(broker.calls().get("/v1/topics/nobody/partitions/0/records").text())
                .contains("\"error_code\":40401");
        assertThat(broker.calls()
                        .get("/v1/topics/" + topic + "/partitions/1/records")
                        .text())
                .contains("\"error_code\":40402");
        assertThat(broker.calls()
                        .get("/v1/topics/" + topic + "/partitions/-1/records")
                        .text())
                .contains("\"error_code\":40005");
        assertThat(broker.calls().get(path(""), "Accept", "image/png").status()).isEqualTo(406);
    }

    @Test
    void wakesAWaitingRequestWhenARecordIsAcknowledged() {
        CompletableFuture<JsonNode> waiting = CompletableFuture.supplyAsync(() -> page("?offset=latest&wait_ms=30000"));
        await().until(() -> partition.listenerCount() == 1);

        append(partition, "news");

        assertThat(offsets(waiting.join())).containsExactly(0L);
        await().until(() -> partition.listenerCount() == 0);
    }

    @Test
    void wakesAWaitingRequestForBatchesToo() {
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> broker.calls()
                .get(path("?wait_ms=30000"), "Accept", "application/vnd.naru.record-batch")
                .body()
                .length);
        await().until(() -> partition.listenerCount() == 1);

        append(partition, "news");

        assertThat(waiting.join()).isPositive();
    }

    @Test
    void waitsOnForARecordThatPassesTheFilter() {
        CompletableFuture<JsonNode> waiting =
                CompletableFuture.supplyAsync(() -> page("?offset=0&wait_ms=30000&key=wanted"));
        await().until(() -> partition.listenerCount() == 1);

        append(partition, Entry.of("other", "1"));
        append(partition, Entry.of("wanted", "2"));

        assertThat(offsets(waiting.join())).containsExactly(1L);
    }

    @Test
    void answersAnEmptyPageWhenTheWaitIsOver() {
        JsonNode page = page("?offset=0&wait_ms=1");

        assertThat(offsets(page)).isEmpty();
        assertThat(page.get("next_offset").longValue()).isZero();
    }

    @Test
    void tellsAWaitingRequestWhenThePartitionCannotBeReadAnyMore() {
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(
                () -> broker.calls().get(path("?offset=0&wait_ms=30000")).status());
        await().until(() -> partition.listenerCount() == 1);

        partition.endReading(new NaruException(ErrorCode.LEADER_UNAVAILABLE, "gone"));

        assertThat(waiting.join()).isEqualTo(503);
    }

    @Test
    void filtersByKeyAndHeaders() {
        append(
                partition,
                Entry.of("a", "1").with("type", "x").with("type", "y"),
                Entry.of("b", "2").with("type", "x"),
                Entry.of(null, "3").with("type", ""),
                Entry.of("ä b", "4"));

        assertThat(offsets(page("?key=a"))).containsExactly(0L);
        assertThat(offsets(page("?key="))).isEmpty();
        assertThat(offsets(page("?key=%C3%A4+b"))).containsExactly(3L);
        assertThat(offsets(page("?header.type=x"))).containsExactly(0L, 1L);
        assertThat(offsets(page("?header.type=x&header.type=y"))).containsExactly(0L);
        assertThat(offsets(page("?header.type=x&key=b"))).containsExactly(1L);
        assertThat(offsets(page("?header.type="))).containsExactly(2L);
        assertThat(page("?key=nobody").get("scanned_to").longValue()).isEqualTo(4);
        assertThat(page("").has("scanned_to")).isFalse();
    }

    @Test
    void looksThroughNoMoreThanItMayAndTellsHowFarItCame() {
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            append(partition, Entry.of(i == 19 ? "wanted" : "other", large));
        }

        JsonNode first = page("?key=wanted&max_bytes=100");
        assertThat(offsets(first)).isEmpty();
        long scannedTo = first.get("scanned_to").longValue();
        assertThat(scannedTo)
                .isBetween(10L, 17L)
                .isEqualTo(first.get("next_offset").longValue());
        assertThat(offsets(page("?key=wanted&offset=" + scannedTo))).containsExactly(19L);
    }

    @Test
    void readsOneRecord() {
        append(partition, Entry.of("a", "1"), Entry.of("b", "{\n}"));

        assertThat(broker.calls().get(path("/1")).text())
                .isEqualTo(
                        "{\"topic\":\"%s\",\"partition\":0,\"offset\":1,\"timestamp\":%d,\"key\":\"b\",\"value\":{\n},\"headers\":[]}"
                                .formatted(topic, TIME));
        assertThat(broker.calls().get(path("/1?value_format=base64")).text()).contains("\"value_base64\":\"ewp9\"");
        assertThat(broker.calls().get(path("/2")).status()).isEqualTo(404);
        assertThat(broker.calls().get(path("/3")).status()).isEqualTo(422);
        assertThat(broker.calls().get(path("/-1")).status()).isEqualTo(400);
        partition.moveLogStart(1);
        assertThat(broker.calls().get(path("/0")).status()).isEqualTo(410);
    }

    @Test
    void readsTheVeryBytesOfAValueSafely() {
        byte[] binary = {0, (byte) 0xff, '\n'};
        append(
                partition,
                Entry.of("a", "<script>alert(1)</script>"),
                Entry.of("b", "{\n \"a\" : 1 }"),
                new Entry(TIME, null, binary, List.of()),
                Entry.of("d", null),
                Entry.of("e", ""));

        Answer text = broker.calls().get(path("/0/value"));
        assertThat(text.body()).asString().isEqualTo("<script>alert(1)</script>");
        assertThat(text.header("content-type")).isEqualTo("text/plain;charset=UTF-8");
        assertThat(text.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(text.header("content-security-policy")).isEqualTo("default-src 'none'; sandbox");
        Answer json = broker.calls().get(path("/1/value"));
        assertThat(json.body()).asString().isEqualTo("{\n \"a\" : 1 }");
        assertThat(json.header("content-type")).isEqualTo("application/json");
        Answer bytes = broker.calls().get(path("/2/value"));
        assertThat(bytes.body()).isEqualTo(binary);
        assertThat(bytes.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(broker.calls().get(path("/3/value")).status()).isEqualTo(204);
        Answer empty = broker.calls().get(path("/4/value"));
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
        assertThat(broker.calls().get(path("/5/value")).status()).isEqualTo(404);
    }

    @Test
    void tellsOfDamageAndOfTheWayPastIt() {
        append(partition, "good");
        ByteBuffer batch = Batches.batch(Codec.NONE, List.of(Entry.of(null, "damaged"), Entry.of(null, "too")));
        batch.put(batch.limit() - 1, (byte) (batch.get(batch.limit() - 1) ^ 1));
        partition.append(batch, io.naru.broker.partition.Acks.ALL);
        append(partition, "good again");

        assertThat(offsets(page("?offset=0"))).containsExactly(0L);
        Answer damaged = broker.calls().get(path("?offset=1"));
        assertThat(damaged.status()).isEqualTo(503);
        assertThat(damaged.text()).contains("\"error_code\":50301", "\"next_offset\":3");
        assertThat(damaged.text()).contains("/00000000000000000000.log", "at position ", "CRC-32C");
        JsonNode described = JSON.readTree(broker.calls()
                        .get("/v1/topics/" + topic + "/partitions")
                        .text())
                .get("items")
                .get(0)
                .get("damages");
        assertThat(described).hasSize(1);
        assertThat(described.get(0).get("file").stringValue()).endsWith("/00000000000000000000.log");
        assertThat(described.get(0).get("position").asLong()).isPositive();
        assertThat(described.get(0).get("mended").booleanValue()).isFalse();
        assertThat(offsets(page("?offset=3"))).containsExactly(3L);
    }

    @Test
    void rawBatchesEndBeforeDamageToo() {
        append(partition, "good");
        int good = (int) partition.sizeInBytes();
        ByteBuffer batch = Batches.batch(Codec.NONE, List.of(Entry.of(null, "damaged")));
        batch.put(batch.limit() - 1, (byte) (batch.get(batch.limit() - 1) ^ 1));
        partition.append(batch, io.naru.broker.partition.Acks.ALL);
        append(partition, "good again");

        String raw = "application/vnd.naru.record-batch";
        Answer before = broker.calls().get(path("?offset=0"), "Accept", raw);
        assertThat(before.status()).isEqualTo(200);
        assertThat(before.body()).hasSize(good);
        Answer damaged = broker.calls().get(path("?offset=1"), "Accept", raw);
        assertThat(damaged.status()).isEqualTo(503);
        assertThat(damaged.text()).contains("\"next_offset\":2", "at position " + good);
        Answer behind = broker.calls().get(path("?offset=2"), "Accept", raw);
        assertThat(behind.status()).isEqualTo(200);
        assertThat(new RecordCursor(ByteBuffer.wrap(behind.body())).next()).isTrue();
    }
}

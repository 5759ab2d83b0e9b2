package io.naru.broker.api.v1.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.Stored;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that names itself is stored once, however often it is sent. */
@Timeout(60)
class IdempotencyKeyApiTests {
    private static final int PARTITIONS = 5;
    private static final String RECORDS = "/v1/topics/orders/records";
    private static final String KEY = "Idempotency-Key";
    private static final String TWO = """
            {"records":[{"partition":0,"key":"a","value":1,"headers":{"h":"1"}},{"partition":0,"value":null}]}""";

    private static TestBroker broker;
    private static HttpCalls calls;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
        calls = broker.calls();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopic() {
        broker.cluster().create("orders", PARTITIONS, Map.of());
    }

    @AfterEach
    void deleteAll() {
        broker.partitions().heal();
        for (TopicImage topic : broker.cluster().image().topics().values()) {
            broker.cluster().apply(new MetadataRecord.TopicDeleted(topic.id()));
        }
    }

    @Test
    void aRepeatedRequestGetsTheSameAnswerAndIsStoredOnce() {
        Answer first = calls.post(RECORDS, TWO, KEY, "k1");
        calls.post(RECORDS, "{\"records\":[{\"partition\":0,\"value\":2}]}");
        Answer second = calls.post(RECORDS, TWO, KEY, "k1");
        Answer third = calls.post(RECORDS + "?acks=leader", TWO, KEY, "k1");

        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(third.text()).isEqualTo(first.text());
        assertThat(stored(0)).hasSize(3);
    }

    @Test
    void otherKeysAndNoKeysAreOtherRequests() {
        Answer first = calls.post(RECORDS, TWO, KEY, "k1");
        assertThat(calls.post(RECORDS, TWO, KEY, "k2").text()).isNotEqualTo(first.text());
        assertThat(calls.post(RECORDS, TWO, KEY, "K1").text()).isNotEqualTo(first.text());
        calls.post(RECORDS, TWO);
        calls.post(RECORDS, TWO);
        assertThat(stored(0)).hasSize(10);
    }

    @Test
    void aKeyIsATopicsOwn() {
        broker.cluster().create("others", PARTITIONS, Map.of());
        calls.post(RECORDS, TWO, KEY, "k1");
        assertThat(calls.post("/v1/topics/others/records", TWO, KEY, "k1").status())
                .isEqualTo(200);
        assertThat(Stored.in(broker.partitions().partition("others", 0))).hasSize(2);
    }

    @Test
    void oneValueIsStoredOnceToo() {
        byte[] value = "hello".getBytes(StandardCharsets.UTF_8);
        String[] headers = {KEY, "k1", "Content-Type", "text/plain", "Record-Header-Source", "web"};
        Answer first = calls.send("POST", RECORDS + "?key=a", value, headers);
        Answer second = calls.send("POST", RECORDS + "?key=a", value, headers);
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(allStored()).hasSize(1);
    }

    @Test
    void attemptsAtTheSameTimeGetTheSameAnswer() throws Exception {
        broker.partitions().hold();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> attempts = IntStream.range(0, 16)
                    .mapToObj(_ -> threads.submit(() -> calls.post(RECORDS, TWO, KEY, "k1")))
                    .toList();
            await().until(() -> broker.partitions().heldBack() == 16);
            assertThat(attempts).noneMatch(Future::isDone);
            broker.partitions().heal();
            String answer = attempts.getFirst().get().text();
            for (Future<Answer> attempt : attempts) {
                assertThat(attempt.get().status()).isEqualTo(200);
                assertThat(attempt.get().text()).isEqualTo(answer);
            }
        }
        assertThat(stored(0)).hasSize(2);
    }

    @Test
    void whatTimedOutIsToldWhenItIsSentAgain() {
        broker.partitions().hold();
        Answer late = calls.post(RECORDS + "?timeout_ms=50", TWO, KEY, "k1");
        assertThat(late.failure()).isEqualTo("504 50401");
        broker.partitions().heal();
        Answer again = calls.post(RECORDS, TWO, KEY, "k1");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("offsets").get(1).path("offset").asInt()).isEqualTo(1);
        assertThat(stored(0)).hasSize(2);
    }

    @Test
    void otherRecordsWithAKeyThatIsTakenAreRefused() {
        calls.post(RECORDS, TWO, KEY, "k1");
        for (String other : List.of(
                TWO.replace("\"value\":1", "\"value\":2"),
                TWO.replace("\"value\":null", "\"value\":0"),
                TWO.replace("\"key\":\"a\"", "\"key\":\"b\""),
                TWO.replace("\"key\":\"a\",", ""),
                TWO.replace("\"h\":\"1\"", "\"h\":\"2\""),
                TWO.replace("\"h\":\"1\"", "\"i\":\"1\""),
                TWO.replace("\"h\":\"1\"", ""),
                TWO.replace("\"value\":1", "\"value\":1,\"timestamp\":5"),
                TWO.replace("}]}", "},{\"partition\":0,\"value\":3}]}"),
                "{\"records\":[{\"partition\":0,\"key\":\"a\",\"value\":1,\"headers\":{\"h\":\"1\"}}]}")) {
            Answer refused = calls.post(RECORDS, other, KEY, "k1");
            assertThat(refused.failure()).as(other).isEqualTo("422 42210");
            assertThat(refused.json().path("outcome").asString()).isEqualTo("not_applied");
            assertThat(refused.json().path("retriable").asBoolean()).isFalse();
        }
        assertThat(stored(0)).hasSize(2);
        assertThat(calls.post(RECORDS, TWO, KEY, "k1").status()).isEqualTo(200);
    }

    @Test
    void timestampsThatAreGivenAreCompared() {
        String timed = "{\"records\":[{\"partition\":0,\"value\":1,\"timestamp\":5},{\"partition\":0,\"value\":2}]}";
        Answer first = calls.post(RECORDS, timed, KEY, "k1");
        assertThat(calls.post(RECORDS, timed, KEY, "k1").text()).isEqualTo(first.text());
        assertThat(calls.post(RECORDS, timed.replace(":5", ":6"), KEY, "k1").failure())
                .isEqualTo("422 42210");
    }

    @Test
    void whereTheBrokerSetsTheTimeARepeatedRequestIsToldTheFirst() {
        broker.cluster().create("stamped", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        String record = "{\"records\":[{\"value\":1,\"timestamp\":5}]}";
        Answer first = calls.post("/v1/topics/stamped/records", record, KEY, "k1");
        Answer second = calls.post("/v1/topics/stamped/records", record, KEY, "k1");
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(first.json().path("offsets").get(0).path("timestamp").asLong())
                .isGreaterThan(5);
    }

    @Test
    void compressedBatchesAreComparedByTheirRecords() {
        broker.cluster().create("packed", 1, Map.of("compression.type", "zstd"));
        String value = "\"" + "packs well ".repeat(500) + "\"";
        String records = "{\"records\":[{\"value\":" + value + "},{\"value\":" + value + "}]}";
        Answer first = calls.post("/v1/topics/packed/records", records, KEY, "k1");
        assertThat(calls.post("/v1/topics/packed/records", records, KEY, "k1").text())
                .isEqualTo(first.text());
        assertThat(calls.post("/v1/topics/packed/records", records.replace("well", "ill"), KEY, "k1")
                        .failure())
                .isEqualTo("422 42210");
    }

    @Test
    void recordsWithoutAKeyGoWhereTheRequestsKeySays() {
        for (int i = 0; i < 20; i++) {
            String key = "request " + i;
            byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
            Answer answer = calls.post(RECORDS, "{\"records\":[{\"value\":1},{\"value\":2}]}", KEY, key);
            assertThat(answer.json()
                            .path("offsets")
                            .valueStream()
                            .map(offset -> offset.path("partition").asInt()))
                    .containsOnly(Murmur2.partition(bytes, 0, bytes.length, PARTITIONS));
        }
    }

    @Test
    void aRetryCompletesWhatWasStoredInPart() {
        String three = """
                {"records":[{"partition":0,"value":1},{"partition":1,"value":2},{"partition":2,"value":3}]}""";
        broker.partitions().fail("orders", 1, ErrorCode.STORAGE_FULL);
        broker.partitions().refuse("orders", 2, ErrorCode.LEADER_UNAVAILABLE);
        Answer part = calls.post(RECORDS, three, KEY, "k1");
        assertThat(part.status()).isEqualTo(207);
        broker.partitions().heal();

        Answer whole = calls.post(RECORDS, three, KEY, "k1");
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.json().path("offsets").get(0))
                .isEqualTo(part.json().path("offsets").get(0));
        assertThat(calls.post(RECORDS, three, KEY, "k1").text()).isEqualTo(whole.text());
        assertThat(allStored()).containsExactly("1", "2", "3");
    }

    @Test
    void aRequestOfSeveralBatchesAPartitionIsStoredOnce() {
        broker.cluster().create("small", 2, Map.of("max.message.bytes", "1024"));
        String many = IntStream.range(0, 200)
                .mapToObj(i -> "{\"partition\":" + i % 2 + ",\"value\":\"" + "x".repeat(i) + "\"}")
                .collect(Collectors.joining(",", "{\"records\":[", "]}"));
        Answer first = calls.post("/v1/topics/small/records", many, KEY, "k1");
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(calls.post("/v1/topics/small/records", many, KEY, "k1").text())
                .isEqualTo(first.text());
        assertThat(Stored.in(broker.partitions().partition("small", 0))).hasSize(100);
    }

    @Test
    void someRecordsOfWhichAreRepeatedAndSomeRefusedAreToldApart() {
        calls.post(RECORDS, "{\"records\":[{\"partition\":0,\"value\":1},{\"partition\":1,\"value\":2}]}", KEY, "k1");
        Answer mixed = calls.post(
                RECORDS, "{\"records\":[{\"partition\":0,\"value\":1},{\"partition\":1,\"value\":9}]}", KEY, "k1");
        assertThat(mixed.status()).isEqualTo(207);
        assertThat(mixed.json().path("offsets").get(0).path("offset").asInt(-1)).isZero();
        assertThat(mixed.json().path("offsets").get(1).path("error_code").asInt())
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED.code());
    }

    @Test
    void morePartitionsVoidAKey() {
        Answer first = calls.post(RECORDS, TWO, KEY, "k1");
        broker.cluster().grow("orders", PARTITIONS + 1);
        Answer second = calls.post(RECORDS, TWO, KEY, "k1");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isNotEqualTo(first.text());
        assertThat(stored(0)).hasSize(4);
    }

    @Test
    void aKeyHasOneTo255Characters() {
        assertThat(calls.post(RECORDS, TWO, KEY, "k".repeat(255)).status()).isEqualTo(200);
        for (String[] headers : new String[][] {
            {KEY, ""}, {KEY, "k".repeat(256)}, {KEY, "k".repeat(6000)}, {KEY, "a", KEY, "b"}, {KEY, "a", KEY, "a"}
        }) {
            Answer refused = calls.post(RECORDS, TWO, headers);
            assertThat(refused.failure()).isEqualTo("400 40001");
            assertThat(refused.json().path("detail").asString()).contains(KEY, "255");
        }
        assertThat(stored(0)).hasSize(2);
    }

    @Test
    void aStreamTakesNoKey() {
        Answer refused = calls.send(
                "POST",
                RECORDS,
                "{\"value\":1}\n".getBytes(StandardCharsets.UTF_8),
                KEY,
                "k1",
                "Content-Type",
                "application/x-ndjson");
        assertThat(refused.failure()).isEqualTo("400 40001");
        assertThat(refused.json().path("detail").asString()).contains(KEY, "stream");
        assertThat(allStored()).isEmpty();
    }

    @Test
    void anInvalidRequestDoesNotTakeItsKey() {
        assertThat(calls.post(RECORDS, "{\"records\":[{\"partition\":0,\"value\":1},{}]}", KEY, "k1")
                        .status())
                .isEqualTo(400);
        assertThat(calls.post(RECORDS, TWO, KEY, "k1").status()).isEqualTo(200);
    }

    private static List<Stored> stored(int partition) {
        return Stored.in(broker.partitions().partition("orders", partition));
    }

    private static List<String> allStored() {
        List<String> values = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            stored(partition).forEach(record -> values.add(record.value()));
        }
        return values;
    }
}

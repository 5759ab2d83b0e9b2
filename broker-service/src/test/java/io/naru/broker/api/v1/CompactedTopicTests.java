package io.naru.broker.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.testing.EventReader;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A topic that is compacted, as those see it who write and read over HTTP. */
@Timeout(120)
class CompactedTopicTests {
    private static final int KEYS = 7;
    private static final String NOTE = "the same again and again, ".repeat(20);

    private static TestBroker broker;

    private record Found(long offset, String key, String value) {}

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void onlyTheLatestOfEachKeyIsLeftAtItsOldOffset() {
        broker.cluster().create("prices", 1, Map.of("segment.bytes", "16384"));
        produce("prices", 0, 400);
        List<Found> before = read("prices");
        assertThat(before).hasSize(400);

        Answer changed = broker.calls()
                .patch(
                        "/v1/topics/prices",
                        "{\"configs\":{\"cleanup.policy\":\"compact\",\"min.cleanable.dirty.ratio\":\"0.01\"}}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);

        // The active segment, of some thirty records, stays as it is.
        await().untilAsserted(() -> assertThat(read("prices")).hasSizeLessThan(60));
        List<Found> after = read("prices");
        assertThat(before).containsAll(after);
        assertThat(latest(after)).isEqualTo(latest(before));

        long hole = 0;
        while (after.getFirst().offset() <= hole) {
            hole++;
        }
        Answer none = broker.calls().get("/v1/topics/prices/partitions/0/records/" + hole);
        assertThat(none.failure()).startsWith("404");
        assertThat(none.text()).contains("compaction");

        try (EventReader events = broker.calls().stream("/v1/topics/prices/stream?from=earliest")) {
            for (Found record : after) {
                assertThat(events.nextOf("record").data()).contains("\"offset\":" + record.offset() + ",");
            }
        }

        produce("prices", 400, 800);
        await().untilAsserted(() -> assertThat(read("prices")).hasSizeLessThan(60));
        assertThat(latest(read("prices")).values())
                .allSatisfy(record -> assertThat(record.offset()).isGreaterThanOrEqualTo(800 - KEYS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json     | {"records":[{"value":1}]}
            application/json     | {"records":[{"key":"a","value":1},{"value":2}]}
            application/x-ndjson | {"value":1}
            text/plain           | hello
            """)
    void aRecordWithoutAKeyIsRefused(String type, String body) {
        if (broker.partitions().held("keyed").isEmpty()) {
            broker.cluster().create("keyed", 1, Map.of("cleanup.policy", "compact,delete"));
        }
        Answer answer = broker.calls()
                .send("POST", "/v1/topics/keyed/records", body.getBytes(StandardCharsets.UTF_8), "Content-Type", type);
        assertThat(answer.text()).contains("no key").contains("cleanup.policy");
        assertThat(broker.partitions().partition("keyed", 0).logEndOffset()).isZero();
    }

    private static void produce(String topic, int from, int to) {
        for (int begin = from; begin < to; begin += 20) {
            var body = new StringBuilder();
            for (int i = begin; i < begin + 20; i++) {
                body.append(i == begin ? "{\"records\":[" : ",")
                        .append("{\"key\":\"key-%d\",\"value\":\"%d %s\"}".formatted(i % KEYS, i, NOTE));
            }
            Answer answer = broker.calls()
                    .post("/v1/topics/" + topic + "/records", body.append("]}").toString());
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        }
    }

    private static List<Found> read(String topic) {
        List<Found> found = new ArrayList<>();
        long next = 0;
        var partition = broker.partitions().partition(topic, 0);
        while (next < partition.highWatermark()) {
            var page = broker.calls()
                    .get("/v1/topics/" + topic + "/partitions/0/records?limit=1000&offset=" + next)
                    .json();
            page.get("records")
                    .forEach(record -> found.add(new Found(
                            record.get("offset").asLong(),
                            record.get("key").asString(),
                            record.get("value").asString())));
            next = page.get("next_offset").asLong();
        }
        return found;
    }

    private static Map<String, Found> latest(List<Found> records) {
        Map<String, Found> latest = new HashMap<>();
        records.forEach(record -> latest.put(record.key(), record));
        return latest;
    }
}

package io.naru.broker.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.Batches;
import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.EventReader;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.TestBroker;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever writes or reads over HTTP does not notice how a topic is compressed. */
@Timeout(120)
class CompressedTopicTests {
    private static final String NOTE = "\"" + "the same again and again, ".repeat(20) + "\"";
    private static final int COUNT = 200;

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"producer, NONE", "uncompressed, NONE", "gzip, GZIP", "snappy, SNAPPY", "lz4, LZ4", "zstd, ZSTD"})
    void recordsComeBackByPageAndByEventAsTheyWereSent(String type, Codec codec) {
        String topic = "by-" + type;
        create(topic, Map.of("compression.type", type));

        try (EventReader events = broker.calls().stream("/v1/topics/" + topic + "/stream?from=earliest")) {
            produce(topic);

            assertThat(storedCodec(topic)).isEqualTo(codec);
            Answer page = broker.calls().get("/v1/topics/" + topic + "/partitions/0/records");
            assertThat(page.json().get("records")).hasSize(COUNT);
            for (int i = 0; i < COUNT; i++) {
                var record = page.json().get("records").get(i);
                assertThat(record.get("offset").asInt()).isEqualTo(i);
                assertThat(record.get("value").toString()).isEqualTo(value(i));
                assertThat(events.nextOf("record").data())
                        .contains("\"offset\":" + i + ",", "\"value\":" + value(i), "\"key\":null");
            }
        }
    }

    /** Batches as another broker's leader or a client library may have built them. */
    @ParameterizedTest
    @EnumSource
    void batchesOfAnyCodecAreReadWhateverTheTopicSays(Codec codec) {
        String topic = "mixed-" + codec.name().toLowerCase(Locale.ROOT);
        create(topic, Map.of());
        var partition = broker.partitions().partition(topic, 0);
        List<Entry> entries = IntStream.range(0, 50)
                .mapToObj(i -> i == 7
                        ? Entry.of("k", null)
                        : i == 8
                                ? Entry.of(null, "")
                                : Entry.of("key", value(i)).with("trace", "abc"))
                .toList();
        Batches.append(partition, codec, entries);
        Batches.append(partition, "2");

        var records = broker.calls()
                .get("/v1/topics/" + topic + "/partitions/0/records")
                .json()
                .get("records");
        assertThat(records).hasSize(51);
        assertThat(records.get(7).get("value").isNull()).isTrue();
        assertThat(records.get(8).get("value_text").asString()).isEmpty();
        assertThat(records.get(49).get("value").toString()).isEqualTo(value(49));
        assertThat(records.get(49).get("headers").get(0).get("value").asString())
                .isEqualTo("abc");
        assertThat(broker.calls()
                        .get("/v1/topics/" + topic + "/partitions/0/records/20/value")
                        .text())
                .isEqualTo(value(20));
        assertThat(broker.calls()
                        .get("/v1/topics/" + topic + "/partitions/0/records?timestamp=" + Batches.TIME)
                        .json()
                        .get("records"))
                .hasSize(51);
    }

    @Test
    void aTopicMayChangeItsCodec() {
        create("changing", Map.of("compression.type", "gzip"));
        produce("changing");
        Answer changed = broker.calls()
                .patch(
                        "/v1/topics/changing",
                        "{\"configs\":{\"compression.type\":\"lz4\",\"compression.lz4.level\":\"12\"}}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        produce("changing");

        ByteBuffer stored = ByteBuffer.wrap(batches("changing"));
        RecordBatch first = RecordBatch.of(stored);
        assertThat(first.codec()).isEqualTo(Codec.GZIP);
        assertThat(first.wrap(stored, first.sizeInBytes()).codec()).isEqualTo(Codec.LZ4);
        assertThat(broker.calls()
                        .get("/v1/topics/changing/partitions/0/records")
                        .json()
                        .get("records"))
                .hasSize(2 * COUNT);
    }

    @ParameterizedTest
    @CsvSource({
        "compression.type, none",
        "compression.type, lzma",
        "compression.gzip.level, 0",
        "compression.lz4.level, 18",
        "compression.zstd.level, 23"
    })
    void whatIsNoCodecOrLevelIsRefused(String config, String value) {
        Answer answer = broker.calls()
                .post("/v1/topics", "{\"name\":\"never\",\"configs\":{\"%s\":\"%s\"}}".formatted(config, value));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains(config);
    }

    private static void create(String topic, Map<String, String> configs) {
        broker.cluster().create(topic, 1, configs);
    }

    private static void produce(String topic) {
        var body = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            body.append(i == 0 ? "{\"records\":[" : ",")
                    .append("{\"value\":")
                    .append(value(i))
                    .append("}");
        }
        Answer answer = broker.calls()
                .post("/v1/topics/" + topic + "/records", body.append("]}").toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static String value(int number) {
        return "{\"n\":" + number + ",\"note\":" + NOTE + "}";
    }

    private static Codec storedCodec(String topic) {
        return RecordBatch.of(ByteBuffer.wrap(batches(topic))).codec();
    }

    private static byte[] batches(String topic) {
        return broker.calls()
                .get(
                        "/v1/topics/" + topic + "/partitions/0/records?offset=0",
                        "Accept",
                        "application/vnd.naru.record-batch")
                .body();
    }
}

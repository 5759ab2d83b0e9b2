package io.naru.broker.api.v1.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class TopicApiTests {
    private static TestBroker broker;
    private static HttpCalls calls;

    @BeforeAll
    static void start() {
        broker = TestBroker.start("log.segment.bytes=1048576");
        calls = broker.calls();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @AfterEach
    void deleteAll() {
        broker.cluster().silent(false);
        for (TopicImage topic : broker.cluster().image().topics().values()) {
            broker.cluster().apply(new MetadataRecord.TopicDeleted(topic.id()));
        }
    }

    @Test
    void aTopicIsCreatedAndItsUrlTold() {
        Answer created = calls.post(
                "/v1/topics", "{\"name\":\"orders\",\"partitions\":3,\"configs\":{\"min.insync.replicas\":1}}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("http://naru.test:8080/v1/topics/orders");
        assertThat(created.header("ETag"))
                .isEqualTo('"' + created.json().path("revision").asString() + '"');
        assertThat(created.header("Content-Type")).isEqualTo("application/json");
        JsonNode topic = created.json();
        assertThat(topic.path("name").asString()).isEqualTo("orders");
        assertThat(topic.path("partitions").asInt()).isEqualTo(3);
        assertThat(topic.path("replication_factor").asInt()).isEqualTo(1);
        assertThat(topic.path("internal").asBoolean()).isFalse();
        assertThat(topic.path("health").asString()).isEqualTo("healthy");
        assertThat(topic.path("bytes").asLong()).isZero();
        assertThat(topic.path("record_count").asLong()).isZero();
        assertThat(calls.get("/v1/topics/orders").json()).isEqualTo(topic);
    }

    @Test
    void configsAreShownWithTheirSource() {
        broker.cluster().create("orders", 1, Map.of("segment.ms", "60000"));

        JsonNode configs = calls.get("/v1/topics/orders").json().path("configs");

        assertThat(configs.path("segment.ms").toString())
                .isEqualTo("{\"value\":\"60000\",\"source\":\"topic\",\"default\":\"604800000\"}");
        assertThat(configs.path("segment.bytes").toString())
                .isEqualTo("{\"value\":\"1048576\",\"source\":\"broker_default\",\"default\":\"1048576\"}");
        assertThat(configs.path("flush.messages").toString())
                .isEqualTo("{\"value\":\"1\",\"source\":\"default\",\"default\":\"1\"}");
    }

    @Test
    void aTopicThatExistsIsNotCreatedAgain() {
        broker.cluster().create("orders", 1, Map.of());

        assertThat(calls.post("/v1/topics", "{\"name\":\"orders\"}").failure()).isEqualTo("409 40901");
    }

    @Test
    void withoutACoordinatorNothingIsCreatedAndTheAnswerSaysSo() {
        broker.cluster().silent(true);

        Answer refused = calls.post("/v1/topics", "{\"name\":\"orders\"}");

        assertThat(refused.failure()).isEqualTo("503 50303");
        assertThat(refused.json().path("retriable").asBoolean()).isTrue();
        assertThat(refused.json().path("outcome").asString()).isEqualTo("not_applied");
        broker.cluster().silent(false);
        assertThat(calls.get("/v1/topics/orders").status()).isEqualTo(404);
    }

    @Test
    void onlyJsonIsTaken() {
        for (String type : List.of("application/x-www-form-urlencoded", "text/plain", "multipart/form-data")) {
            Answer refused = calls.send("POST", "/v1/topics", "{\"name\":\"a\"}".getBytes(), "Content-Type", type);

            assertThat(refused.failure()).isEqualTo("415 41500");
            assertThat(refused.json().path("detail").asString()).contains("--json");
        }
        assertThat(calls.send("POST", "/v1/topics", "{\"name\":\"a\"}".getBytes())
                        .failure())
                .isEqualTo("415 41500");
    }

    @Test
    void aChangeSetsConfigsAndPutsThemBack() {
        broker.cluster().create("orders", 1, Map.of("segment.ms", "60000"));

        Answer changed =
                calls.patch("/v1/topics/orders", "{\"configs\":{\"segment.ms\":null,\"max.message.bytes\":\"2048\"}}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/configs/segment.ms/source").asString()).isEqualTo("default");
        assertThat(changed.json().at("/configs/max.message.bytes/value").asString())
                .isEqualTo("2048");
    }

    @Test
    void partitionsAreRaisedAndNeverLowered() {
        broker.cluster().create("orders", 2, Map.of());

        assertThat(calls.patch("/v1/topics/orders", "{\"partitions\":4}")
                        .json()
                        .path("partitions")
                        .asInt())
                .isEqualTo(4);
        assertThat(calls.patch("/v1/topics/orders", "{\"partitions\":3}").failure())
                .isEqualTo("422 42206");
        assertThat(calls.patch("/v1/topics/orders", "{}").failure()).isEqualTo("400 40001");
        assertThat(calls.patch("/v1/topics/orders", "{\"name\":\"other\"}").failure())
                .isEqualTo("400 40003");
        assertThat(calls.patch("/v1/topics/none", "{\"partitions\":3}").failure())
                .isEqualTo("404 40401");
        assertThat(calls.patch("/v1/topics/a%3Fb%20c", "{\"partitions\":3}").failure())
                .isEqualTo("404 40401");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "@"                   | 200
            *                     | 200
            "other", "@"          | 200
            "other"               | 412
            "other", "another"    | 412
            W/"@"                 | 412
            @                     | 400
            "@                    | 400
            ''                    | 400
            """)
    void aChangeIsMadeOnlyToTheRevisionItWasMeantFor(String ifMatch, int status) {
        broker.cluster().create("orders", 1, Map.of());
        String revision = calls.get("/v1/topics/orders").json().path("revision").asString();

        Answer answer =
                calls.patch("/v1/topics/orders", "{\"partitions\":2}", "If-Match", ifMatch.replace("@", revision));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(broker.cluster().image().topic("orders").partitions()).hasSize(status == 200 ? 2 : 1);
    }

    @Test
    void aTopicIsDeletedOnlyInTheRevisionThatWasMeant() {
        broker.cluster().create("orders", 1, Map.of());
        String etag = calls.get("/v1/topics/orders").header("ETag");
        calls.patch("/v1/topics/orders", "{\"partitions\":2}");

        assertThat(calls.delete("/v1/topics/orders", "If-Match", etag).failure())
                .isEqualTo("412 41201");
        Answer deleted = calls.delete(
                "/v1/topics/orders", "If-Match", calls.get("/v1/topics/orders").header("ETag"));

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(calls.get("/v1/topics/orders").failure()).isEqualTo("404 40401");
        assertThat(calls.delete("/v1/topics/orders").failure()).isEqualTo("404 40401");
    }

    @Test
    void partitionsAreListedWithTheirLeaderAndLog() {
        broker.cluster().create("orders", 2, Map.of());

        Answer answer = calls.get("/v1/topics/orders/partitions");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("items").get(1).toString())
                .isEqualTo("{\"partition\":1,\"leader\":{\"id\":1,\"url\":\"http://naru.test:8080\"},"
                        + "\"replicas\":[1],\"isr\":[1],\"leader_epoch\":0,\"health\":\"healthy\","
                        + "\"log_start_offset\":0,\"high_watermark\":0,\"log_end_offset\":0,\"bytes\":0,"
                        + "\"segments\":1,\"damages\":[]}");
        assertThat(answer.json().path("next_cursor").isNull()).isTrue();
    }

    @Test
    void aTopicWithoutALeaderIsOffline() {
        broker.cluster().create("orders", 1, Map.of());
        var id = broker.cluster().image().topic("orders").id();

        broker.cluster().apply(new MetadataRecord.PartitionChanged(id, 0, List.of(1), MetadataRecord.NO_LEADER, 1, 1));

        assertThat(calls.get("/v1/topics/orders").json().path("health").asString())
                .isEqualTo("offline");
        assertThat(calls.get("/v1/topics/orders/partitions")
                        .json()
                        .at("/items/0/leader")
                        .isNull())
                .isTrue();
    }

    @Test
    void topicsAreListedByPages() {
        for (int i = 0; i < 7; i++) {
            broker.cluster().create("topic-" + i, 1 + i % 3, Map.of());
        }

        assertThat(names("/v1/topics?limit=3")).isEqualTo(List.of("topic-0", "topic-1", "topic-2"));
        assertThat(all("limit=3&sort=name"))
                .containsExactly("topic-0", "topic-1", "topic-2", "topic-3", "topic-4", "topic-5", "topic-6");
        assertThat(all("limit=2&sort=-name"))
                .containsExactly("topic-6", "topic-5", "topic-4", "topic-3", "topic-2", "topic-1", "topic-0");
        assertThat(all("limit=2&sort=partitions"))
                .containsExactly("topic-0", "topic-3", "topic-6", "topic-1", "topic-4", "topic-2", "topic-5");
        assertThat(all("limit=2&sort=-partitions"))
                .containsExactly("topic-2", "topic-5", "topic-1", "topic-4", "topic-0", "topic-3", "topic-6");
        assertThat(all("limit=7&sort=bytes")).hasSize(7);
        assertThat(names("/v1/topics?query=C-5")).isEqualTo(List.of("topic-5"));
        assertThat(names("/v1/topics?query=nothing")).isEmpty();
    }

    @Test
    void aCursorOfAnotherOrderIsRefused() {
        broker.cluster().create("a", 1, Map.of());
        broker.cluster().create("b", 1, Map.of());
        String cursor =
                calls.get("/v1/topics?limit=1").json().path("next_cursor").asString();

        assertThat(calls.get("/v1/topics?limit=1&sort=-name&cursor=" + cursor).failure())
                .isEqualTo("400 40007");
        assertThat(names("/v1/topics?cursor=" + cursor)).isEqualTo(List.of("b"));
    }

    @Test
    void theConfigsThereAreAreListed() {
        JsonNode items = calls.get("/v1/topic-configs").json().path("items");

        assertThat(items.valueStream().map(item -> item.path("name").asString()))
                .isSorted()
                .contains("segment.bytes", "compression.type", "max.message.bytes");
        JsonNode segmentBytes = items.valueStream()
                .filter(item -> item.path("name").asString().equals("segment.bytes"))
                .findFirst()
                .orElseThrow();
        assertThat(segmentBytes.path("default").asString()).isEqualTo("1048576");
        assertThat(segmentBytes.path("type").asString()).isEqualTo("long");
        assertThat(segmentBytes.path("least").asLong()).isEqualTo(16384);
        assertThat(segmentBytes.path("choices").isNull()).isTrue();
        assertThat(segmentBytes.path("help").asString()).isNotBlank();
    }

    private static List<String> names(String path) {
        return calls.get(path)
                .json()
                .path("items")
                .valueStream()
                .map(item -> item.path("name").asString())
                .toList();
    }

    private static List<String> all(String query) {
        var names = new ArrayList<String>();
        String cursor = "";
        do {
            JsonNode page = calls.get("/v1/topics?" + query + cursor).json();
            page.path("items").forEach(item -> names.add(item.path("name").asString()));
            cursor = page.path("next_cursor").isNull()
                    ? null
                    : "&cursor=" + page.path("next_cursor").asString();
        } while (cursor != null);
        return names;
    }
}

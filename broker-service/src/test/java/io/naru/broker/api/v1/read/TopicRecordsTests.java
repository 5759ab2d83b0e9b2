package io.naru.broker.api.v1.read;

import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.SteeredPartition;
import io.naru.broker.testing.TestBroker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class TopicRecordsTests {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static TestBroker broker;
    private static int topics;

    private String topic;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopic() {
        topic = "topic-" + topics++;
        broker.cluster().create(topic, 3);
    }

    private SteeredPartition partition(int number) {
        return broker.partitions().partition(topic, number);
    }

    private String path(String query) {
        return "/v1/topics/" + topic + "/records" + query;
    }

    private JsonNode page(String query) {
        Answer answer = broker.calls().get(path(query));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return JSON.readTree(answer.text());
    }

    private static List<String> places(JsonNode page) {
        var places = new ArrayList<String>();
        page.get("records").forEach(one -> places.add(one.get("partition") + ":" + one.get("offset")));
        return places;
    }

    @Test
    void answersRecordsOfAllPartitionsWithACursor() {
        append(partition(0), "a");
        append(partition(2), Entry.of(null, "b"), Entry.of(null, "c"));

        Answer answer = broker.calls().get(path(""));
        TopicPageView page = JSON.readValue(answer.text(), TopicPageView.class);

        assertThat(page.records()).hasSize(3);
        assertThat(answer.text())
                .endsWith("],\"cursor\":\"0:1,1:0,2:2\",\"high_watermark\":{\"0\":1,\"1\":0,\"2\":2}}");
    }

    @Test
    void givesEveryPartitionItsTurnHoweverSmallThePage() {
        for (int i = 0; i < 40; i++) {
            append(partition(0), "busy");
        }
        append(partition(1), "quiet");
        append(partition(2), "quiet");

        Set<String> seen = new HashSet<>();
        String cursor = "earliest";
        int pages = 0;
        while (!seen.containsAll(Set.of("1:0", "2:0"))) {
            JsonNode page = page("?limit=1&from=" + cursor);
            assertThat(places(page)).hasSize(1);
            seen.addAll(places(page));
            cursor = page.get("cursor").stringValue();
            assertThat(++pages).isLessThan(10);
        }
    }

    @Test
    void readsThroughAllPagesWithoutLossOrRepetition() {
        for (int i = 0; i < 30; i++) {
            append(partition(i % 3), Entry.of("k", "v" + i), Entry.of("k", "w" + i));
        }
        var seen = new ArrayList<String>();
        String cursor = "earliest";
        for (JsonNode page = page("?limit=7"); !places(page).isEmpty(); page = page("?limit=7&from=" + cursor)) {
            seen.addAll(places(page));
            cursor = page.get("cursor").stringValue();
        }
        assertThat(seen).hasSize(60).doesNotHaveDuplicates();
        assertThat(cursor).isEqualTo("0:20,1:20,2:20");
    }

    @Test
    void beginsWhereTheCursorStandsAndAtTheEarliestWhereItIsSilent() {
        append(partition(0), Entry.of(null, "a"), Entry.of(null, "b"));
        append(partition(1), "c");

        assertThat(places(page("?from=0:1"))).containsExactlyInAnyOrder("0:1", "1:0");
        assertThat(places(page("?from=0%3A1%2C1%3A1"))).containsExactly("0:1");
        assertThat(page("?from=latest").get("cursor").stringValue()).isEqualTo("0:2,1:1,2:0");
    }

    @Test
    void keepsToTheChosenPartitionsAndCarriesTheOthersAlong() {
        append(partition(0), "a");
        append(partition(1), "b");

        JsonNode page = page("?partitions=1&from=0:1");

        assertThat(places(page)).containsExactly("1:0");
        assertThat(page.get("cursor").stringValue()).isEqualTo("0:1,1:1");
        assertThat(page.get("high_watermark").propertyNames()).containsExactly("1");
    }

    @Test
    void waitsForARecordInAnyPartition() {
        CompletableFuture<JsonNode> waiting = CompletableFuture.supplyAsync(() -> page("?from=latest&wait_ms=30000"));
        await().until(() -> partition(2).listenerCount() == 1);

        append(partition(2), "news");

        assertThat(places(waiting.join())).containsExactly("2:0");
        await().until(() -> partition(0).listenerCount() == 0);
    }

    @Test
    void tellsHowFarAFilterCame() {
        append(partition(0), Entry.of("a", "1"));
        append(partition(1), Entry.of("b", "2"));

        JsonNode page = page("?key=b");

        assertThat(places(page)).containsExactly("1:0");
        assertThat(page.get("scanned_to").stringValue()).isEqualTo("0:1,1:1,2:0");
    }

    @Test
    void answersLinesWithTheCursorInAHeader() {
        append(partition(0), "a");

        Answer answer = broker.calls().get(path(""), "Accept", "application/x-ndjson");

        assertThat(answer.text().lines()).hasSize(1);
        assertThat(answer.header("naru-cursor")).isEqualTo("0:1,1:0,2:0");
    }

    @Test
    void tellsWhichPartitionHasLostWhatTheCursorNames() {
        append(partition(1), Entry.of(null, "a"), Entry.of(null, "b"));
        partition(1).moveLogStart(1);

        Answer gone = broker.calls().get(path("?from=1:0"));

        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.text())
                .contains(
                        "\"partition\":1", "\"log_start_offset\":1", "\"high_watermark\":2", "Put 1:1 into the cursor");
        assertThat(places(page("?from=0:0"))).containsExactly("1:1");
    }

    @ParameterizedTest
    @CsvSource({
        "from=0, 400, 40007",
        "from=3:0, 400, 40007",
        "from=, 400, 40007",
        "from=0:1, 422, 42205",
        "partitions=x, 400, 40005",
        "'partitions=0,0', 400, 40005",
        "partitions=, 400, 40005",
        "partitions=3, 404, 40402",
        "partitions=99999999999, 400, 40005",
    })
    void refusesParametersThatMakeNoSense(String query, int status, int code) {
        Answer answer = broker.calls().get(path("?" + query));

        assertThat(answer.text()).contains("\"error_code\":" + code);
        assertThat(answer.status()).isEqualTo(status);
    }
}

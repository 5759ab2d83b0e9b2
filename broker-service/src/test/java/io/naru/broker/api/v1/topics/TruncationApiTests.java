package io.naru.broker.api.v1.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicImage;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class TruncationApiTests {
    private static final String TRUNCATE = "/v1/topics/orders/partitions/0/truncate";
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
    void createAndFill() {
        broker.cluster().create("orders", 1, Map.of());
        for (int i = 0; i < 5; i++) {
            assertThat(calls.post("/v1/topics/orders/records", "{\"records\":[{\"value\":%d}]}".formatted(i))
                            .status())
                    .isEqualTo(200);
        }
    }

    @AfterEach
    void deleteAll() {
        broker.partitions().heal();
        for (TopicImage topic : broker.cluster().image().topics().values()) {
            broker.cluster().apply(new MetadataRecord.TopicDeleted(topic.id()));
        }
    }

    @Test
    void recordsBelowTheOffsetAreGoneForEverybody() {
        Answer answer = calls.post(TRUNCATE, "{\"before_offset\":3}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"partition\":0,\"log_start_offset\":3,\"high_watermark\":5}");
        assertThat(calls.get("/v1/topics/orders/partitions/0/records?offset=2").failure())
                .isEqualTo("410 41001");
        JsonNode page = calls.get("/v1/topics/orders/partitions/0/records?offset=earliest")
                .json();
        assertThat(page.path("records")
                        .valueStream()
                        .map(record -> record.path("offset").asInt()))
                .containsExactly(3, 4);
        assertThat(calls.get("/v1/topics/orders/partitions")
                        .json()
                        .at("/items/0/log_start_offset")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void aStreamThatComesTooLateIsToldOfTheGap() {
        calls.post(TRUNCATE, "{\"before_offset\":4}");
        try (var stream = calls.stream("/v1/topics/orders/stream?from=0:1")) {
            assertThat(stream.next().id()).isEqualTo("0:1");
            assertThat(stream.nextOf("gap").data()).contains("\"from_offset\":1", "\"to_offset\":4");
            assertThat(stream.nextOf("record").data()).contains("\"offset\":4");
        }
    }

    @Test
    void everythingMayGoAndWritingGoesOn() {
        assertThat(calls.post(TRUNCATE, "{\"before_offset\":5}").status()).isEqualTo(200);
        assertThat(calls.get("/v1/topics/orders/partitions/0/records?offset=earliest")
                        .json()
                        .path("records"))
                .isEmpty();
        assertThat(calls.post("/v1/topics/orders/records", "{\"records\":[{\"value\":5}]}")
                        .json()
                        .at("/offsets/0/offset")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void whatIsGoneAlreadyMayBeDeletedAgain() {
        calls.post(TRUNCATE, "{\"before_offset\":3}");
        assertThat(calls.post(TRUNCATE, "{\"before_offset\":1}").text())
                .isEqualTo("{\"partition\":0,\"log_start_offset\":3,\"high_watermark\":5}");
    }

    @Test
    void nothingAboveTheHighWatermarkIsDeleted() {
        Answer refused = calls.post(TRUNCATE, "{\"before_offset\":6}");

        assertThat(refused.failure()).isEqualTo("422 42209");
        assertThat(refused.json().path("log_start_offset").asInt()).isZero();
        assertThat(refused.json().path("high_watermark").asInt()).isEqualTo(5);
        assertThat(refused.json().path("outcome").asString()).isEqualTo("not_applied");
        assertThat(broker.partitions().partition("orders", 0).logStartOffset()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/topics/orders/partitions/0/truncate  | {}                       | 400 40001
            /v1/topics/orders/partitions/0/truncate  | {"before_offset":null}   | 400 40001
            /v1/topics/orders/partitions/0/truncate  | {"before_offset":-1}     | 400 40001
            /v1/topics/orders/partitions/0/truncate  | {"before_offset":"3"}    | 400 40001
            /v1/topics/orders/partitions/0/truncate  | {"before_offset":2.5}    | 400 40001
            /v1/topics/orders/partitions/0/truncate  | {"before":3}             | 400 40003
            /v1/topics/orders/partitions/0/truncate  | {"before_offset":9223372036854775807} | 422 42209
            /v1/topics/orders/partitions/1/truncate  | {"before_offset":3}      | 404 40402
            /v1/topics/orders/partitions/-1/truncate | {"before_offset":3}      | 400 40005
            /v1/topics/others/partitions/0/truncate  | {"before_offset":3}      | 404 40401
            """)
    void whatMakesNoSenseIsRefusedAndNothingIsDeleted(String path, String body, String failure) {
        assertThat(calls.post(path, body).failure()).isEqualTo(failure);
        assertThat(broker.partitions().partition("orders", 0).logStartOffset()).isZero();
    }
}

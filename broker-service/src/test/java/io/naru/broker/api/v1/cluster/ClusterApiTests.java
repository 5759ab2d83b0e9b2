package io.naru.broker.api.v1.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.MetadataRecord;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ClusterApiTests {
    private TestBroker broker;
    private HttpCalls calls;

    @BeforeEach
    void start() {
        broker = TestBroker.start();
        calls = broker.calls();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aHealthyClusterSaysSo() {
        broker.cluster().create("orders", 3, Map.of());

        JsonNode cluster = calls.get("/v1/cluster").json();

        assertThat(cluster.path("cluster_id").asString())
                .isEqualTo(broker.cluster().image().clusterId().toString());
        assertThat(cluster.path("broker_id").asInt()).isEqualTo(1);
        assertThat(cluster.path("coordinators").toString())
                .isEqualTo("{\"leader\":\"1\",\"term\":1,\"version\":2,\"members\":[{\"id\":\"1\","
                        + "\"address\":\"127.0.0.1:9080\",\"role\":\"LEADER\",\"lag\":0,\"last_contact_ms\":null}]}");
        assertThat(cluster.path("health").toString())
                .isEqualTo("{\"status\":\"healthy\",\"reasons\":[],\"topics\":1,\"partitions\":3,"
                        + "\"offline_partitions\":0,\"under_min_isr_partitions\":0,\"under_replicated_partitions\":0,"
                        + "\"active_brokers\":1,\"fenced_brokers\":0}");
        assertThat(cluster.path("unreachable")).isEmpty();
    }

    @Test
    void aSilentCoordinatorIsReportedAndTheRestAnsweredAllTheSame() {
        broker.cluster().silent(true);

        var answer = calls.get("/v1/cluster");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("coordinators").isNull()).isTrue();
        assertThat(answer.json().path("unreachable").toString())
                .isEqualTo("[{\"what\":\"coordinators\",\"detail\":\"No coordinator answers.\"}]");
        assertThat(answer.json().path("brokers")).hasSize(1);
        assertThat(answer.json().at("/health/status").asString()).isEqualTo("unhealthy");
        assertThat(calls.get("/v1/brokers").json().path("items")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/cluster", "/v1/brokers", "/v1/brokers/1", "/v1/brokers/2", "/v1/topics"})
    void aBrokerThatHasNotHeardOfTheClusterYetAsksForPatience(String path) {
        broker.cluster().forget();

        var answer = calls.get(path);

        assertThat(answer.failure()).isEqualTo("503 50307");
        assertThat(answer.json().path("retriable").asBoolean()).isTrue();
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        assertThat(answer.header("retry-after")).isEqualTo("1");
    }

    @Test
    void troublesAreCountedAndPutInWords() {
        broker.cluster().create("orders", 1, Map.of());
        broker.cluster().create("slow", 1, Map.of());
        var orders = broker.cluster().image().topic("orders").id();
        var slow = broker.cluster().image().topic("slow").id();
        broker.cluster()
                .apply(
                        new MetadataRecord.BrokerRegistered(
                                2, UUID.randomUUID(), 7, UUID.randomUUID(), "http://two:8080", "b"),
                        new MetadataRecord.PartitionChanged(orders, 0, List.of(1), MetadataRecord.NO_LEADER, 1, 1),
                        new MetadataRecord.PartitionCreated(slow, 1, List.of(1, 2), List.of(1), 1, 0));

        JsonNode health = calls.get("/v1/cluster").json().path("health");

        assertThat(health.path("status").asString()).isEqualTo("unhealthy");
        assertThat(health.path("offline_partitions").asInt()).isEqualTo(1);
        assertThat(health.path("under_replicated_partitions").asInt()).isEqualTo(1);
        assertThat(health.path("fenced_brokers").asInt()).isEqualTo(1);
        assertThat(health.path("reasons").valueStream().map(JsonNode::asString))
                .containsExactly(
                        "1 partition is without a leader: neither readable nor writable.",
                        "1 partition is with a replica behind or away.",
                        "1 broker is fenced.");
    }

    @Test
    void brokersAreDescribed() {
        broker.cluster().create("orders", 3, Map.of());
        broker.cluster()
                .apply(new MetadataRecord.BrokerRegistered(
                        2, UUID.randomUUID(), 7, UUID.randomUUID(), "http://two:8080", "b"));

        assertThat(calls.get("/v1/brokers/1").text())
                .isEqualTo("{\"id\":1,\"url\":\"http://naru.test:8080\",\"rack\":null,\"state\":\"active\",\"epoch\":1,"
                        + "\"led_partitions\":3,\"followed_partitions\":0,\"bytes\":0}");
        assertThat(calls.get("/v1/brokers/2").text())
                .isEqualTo("{\"id\":2,\"url\":\"http://two:8080\",\"rack\":\"b\",\"state\":\"fenced\",\"epoch\":7,"
                        + "\"led_partitions\":0,\"followed_partitions\":0,\"bytes\":null}");
        assertThat(calls.get("/v1/brokers").json().path("items")).hasSize(2);
    }
}

package io.naru.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.coordinator.feed.MetadataFeed;
import io.naru.coordinator.testing.CoordinatorFixture;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorTests {
    @Test
    void whatWasDecidedIsThereAfterARestart(@TempDir Path directory) {
        ClusterImage before;
        try (var coordinator = CoordinatorFixture.start(directory)) {
            var broker = coordinator.registerBroker(1);
            assertThat(coordinator.heartbeat(1, broker).get("fenced").asBoolean())
                    .isFalse();
            coordinator.createTopic("orders", 3);
            before = coordinator.image();
            assertThat(before.topics().get("orders").partitions()).hasSize(3).allMatch(p -> p.leader() == 1);
        }
        try (var coordinator = CoordinatorFixture.start(directory)) {
            ClusterImage after = coordinator.image();
            assertThat(after.clusterId()).isEqualTo(before.clusterId());
            assertThat(after.topics().keySet()).containsExactly("orders");
            assertThat(after.topics().get("orders").id())
                    .isEqualTo(before.topics().get("orders").id());
        }
    }

    @Test
    void whoeverWaitsForMetadataDoesNotHoldUpTheEnd(@TempDir Path directory) throws Exception {
        CompletableFuture<HttpResponse<String>> waiting;
        try (var coordinator = CoordinatorFixture.start(directory)) {
            String path = "/internal/metadata?wait_ms=30000&after_version="
                    + coordinator.image().version();
            waiting = CompletableFuture.supplyAsync(() -> coordinator.get(path));
            Awaitility.await().until(() -> coordinator.bean(MetadataFeed.class).waiting() == 1);
            coordinator.stop();

            assertThat(waiting.get(30, TimeUnit.SECONDS).body()).contains("\"error_code\":50306");
        }
    }

    @Test
    void aSilentBrokerIsFencedAndLeadsNothing(@TempDir Path directory) {
        try (var coordinator = CoordinatorFixture.start(directory)) {
            var broker = coordinator.registerBroker(1);
            coordinator.heartbeat(1, broker);
            coordinator.createTopic("orders", 1);

            ClusterImage fenced =
                    coordinator.awaitImage(image -> image.broker(1).fenced());

            assertThat(fenced.topics().get("orders").partition(0).leader()).isEqualTo(MetadataRecord.NO_LEADER);
            assertThat(fenced.topics().get("orders").partition(0).leaderEpoch()).isEqualTo(1);
        }
    }
}

package io.naru.systemtests.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.systemtests.history.HistoryChecker;
import io.naru.systemtests.history.Seen;
import io.naru.systemtests.http.Api;
import io.naru.systemtests.process.RunningNaru;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM in the midst of writing and following. */
class GracefulStopTests {
    private static final int STOPS = 3;
    private static final int PARTITIONS = 2;
    private static final int BETWEEN_STOPS = 100;
    private static final int SIGTERM_EXIT = 128 + 15;

    @TempDir
    private Path temporary;

    @Test
    void losesNothingEndsStreamsAndStartsAgainWithoutRecovery() throws Exception {
        try (RunningNaru naru = RunningNaru.start(temporary.resolve("data"));
                Api api = new Api(naru.url())) {
            api.createTopic("ledger", PARTITIONS);
            try (Load load = Load.start(naru, "ledger")) {
                for (int stop = 0; stop < STOPS; stop++) {
                    load.awaitAcknowledgedByEach(BETWEEN_STOPS);
                    load.serverEnds();
                    assertThat(naru.terminate()).isEqualTo(SIGTERM_EXIT);
                    assertThat(naru.printed()).contains("Stopped after");
                    // With this mark a start trusts the logs as they are and scans none.
                    assertThat(naru.data().resolve("broker-1/naru-clean")).exists();
                    naru.startAgain();
                    assertThat(HistoryChecker.check(
                                    load.history().attempted(),
                                    load.history().acknowledged(),
                                    api.readAll("ledger", PARTITIONS)))
                            .isEmpty();
                    load.serverIsUp();
                }
                load.awaitAcknowledgedByEach(BETWEEN_STOPS);
                load.endWriting();

                List<Seen> stored = api.readAll("ledger", PARTITIONS);
                await("the follower to have seen everything")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> load.follower().seen().size() >= stored.size());
                assertThat(HistoryChecker.check(
                                load.history().attempted(),
                                load.history().acknowledged(),
                                load.follower().seen()))
                        .isEmpty();
            }
        }
    }
}

package io.naru.systemtests.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.systemtests.history.HistoryChecker;
import io.naru.systemtests.history.Seen;
import io.naru.systemtests.http.Api;
import io.naru.systemtests.process.RunningNaru;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the midst of writing, again and again. {@code -Dkill.rounds=200} makes a longer run of it, {@code
 * -Dkill.seed=N} repeats the moments of an earlier one.
 */
class KillTests {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 20);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final int PARTITIONS = 2;
    private static final int AT_LEAST_A_ROUND = 20;
    private static final int AT_MOST_A_ROUND = 200;

    @TempDir
    private Path temporary;

    @Test
    void everyAcknowledgedRecordIsThereOnceInOrderAfterEachKill() throws Exception {
        System.out.println("kill.seed=" + SEED + " kill.rounds=" + ROUNDS);
        Random random = new Random(SEED);
        int kills = 0;
        try (RunningNaru naru = RunningNaru.start(temporary.resolve("data"), "--set", "log.segment.bytes=262144");
                Api api = new Api(naru.url())) {
            api.createTopic("ledger", PARTITIONS);
            try (Load load = Load.start(naru, "ledger")) {
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitAcknowledgedByEach(random.nextInt(AT_LEAST_A_ROUND, AT_MOST_A_ROUND));
                    long victim = naru.pid();
                    load.serverEnds();
                    naru.kill();
                    naru.startAgain();
                    assertThat(naru.pid()).isNotEqualTo(victim);
                    kills++;
                    verify(load, api.readAll("ledger", PARTITIONS));
                    load.serverIsUp();
                }
                load.awaitAcknowledgedByEach(AT_LEAST_A_ROUND);
                load.endWriting();

                List<Seen> stored = api.readAll("ledger", PARTITIONS);
                verify(load, stored);
                verifyFollower(load, stored);
                assertThat(load.follower().connections()).isGreaterThan(ROUNDS);
                assertThat(load.history().acknowledged()).hasSizeGreaterThan(ROUNDS * AT_LEAST_A_ROUND * 4);
            }
        }
        assertThat(kills).isEqualTo(ROUNDS);
    }

    private static void verify(Load load, List<Seen> stored) {
        assertThat(HistoryChecker.check(
                        load.history().attempted(), load.history().acknowledged(), stored))
                .isEmpty();
    }

    /** What it got over all its connections is each record once: what is stored is what it saw. */
    private static void verifyFollower(Load load, List<Seen> stored) {
        await("the follower to have seen everything")
                .atMost(Duration.ofSeconds(30))
                .until(() -> load.follower().seen().size() >= stored.size());
        List<Seen> seen = load.follower().seen();
        assertThat(HistoryChecker.check(
                        load.history().attempted(), load.history().acknowledged(), seen))
                .isEmpty();
        assertThat(seen.stream()
                        .sorted(Comparator.comparingInt(Seen::partition))
                        .toList())
                .isEqualTo(stored);
        assertThat(load.follower().otherEvents()).isEmpty();
    }
}

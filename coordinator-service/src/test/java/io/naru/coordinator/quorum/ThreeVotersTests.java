package io.naru.coordinator.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.MetadataEntry;
import io.naru.coordinator.testing.CoordinatorFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters, which differ from one by configuration only. */
class ThreeVotersTests {
    @TempDir
    private Path folder;

    private final List<QuorumSettings.Voter> voters = List.of(
            new QuorumSettings.Voter(1, "127.0.0.1", CoordinatorFixture.freePort()),
            new QuorumSettings.Voter(2, "127.0.0.1", CoordinatorFixture.freePort()),
            new QuorumSettings.Voter(3, "127.0.0.1", CoordinatorFixture.freePort()));
    private final List<QuorumFixture> running = new ArrayList<>();

    @AfterEach
    void close() {
        running.forEach(QuorumFixture::close);
    }

    @Test
    void aMajorityGoesOnWithoutItsLeaderAndTheOldLeaderCatchesUp() throws Exception {
        for (int id = 1; id <= 3; id++) {
            start(id);
        }
        QuorumFixture first = leader();
        first.append(1);
        awaitVersion(1);
        assertThat(first.quorum.view().members()).hasSize(3);

        int id = Integer.parseInt(first.quorum.view().leader());
        running.remove(first);
        first.close();
        QuorumFixture second = leader();
        second.append(2);
        awaitVersion(2);

        QuorumFixture returned = start(id);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> returned.quorum.basis().equals(second.quorum.basis()));
    }

    @Test
    void whoeverDoesNotLeadAppliesButAppendsNothing() throws Exception {
        for (int id = 1; id <= 3; id++) {
            start(id);
        }
        leader().append(1);
        awaitVersion(1);
        QuorumFixture follower =
                running.stream().filter(voter -> !voter.leading).findFirst().orElseThrow();

        assertThat(follower.outcome(MetadataEntry.on(follower.quorum.basis(), List.of(QuorumFixture.fact(2)))))
                .isInstanceOfAny(AppendOutcome.Unknown.class, AppendOutcome.Refused.class);
        assertThat(follower.quorum.confirm(leader().term).get(60, TimeUnit.SECONDS))
                .isInstanceOf(AppendOutcome.Refused.class);
        assertThat(follower.quorum.image().version()).isEqualTo(1);
        assertThat(follower.quorum.view().leader()).isNotNull();
    }

    private QuorumFixture start(int id) {
        var voter = new QuorumFixture(QuorumFixture.settings(folder.resolve("c" + id), id, voters)).start();
        running.add(voter);
        return voter;
    }

    private QuorumFixture leader() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> running.stream()
                                .filter(voter -> voter.leading)
                                .findFirst()
                                .orElse(null),
                        voter -> voter != null);
    }

    private void awaitVersion(long version) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        running.stream().allMatch(voter -> voter.quorum.image().version() == version));
    }
}

package io.naru.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.decider.QuorumListeners;
import io.naru.coordinator.quorum.QuorumSettings;
import io.naru.coordinator.quorum.RatisQuorum;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinatorPropertiesTests {
    @ParameterizedTest
    @CsvSource({"9080, 10080", "0, 1000", "64535, 65535", "64536, 63536", "65535, 64535"})
    void everyHttpPortHasARaftPortBesideIt(int httpPort, int raftPort) {
        QuorumSettings settings = alone(null).quorumSettings(httpPort);

        assertThat(settings.voters()).containsExactly(new QuorumSettings.Voter(1, "127.0.0.1", raftPort));
        assertThat(new InetSocketAddress("127.0.0.1", raftPort).getPort()).isEqualTo(raftPort);
    }

    @Test
    void aRaftPortThatIsSetIsTaken() {
        assertThat(alone(7000).quorumSettings(65_535).voters().getFirst().port())
                .isEqualTo(7000);
    }

    @Test
    void aQuorumOfOneResolvesNobody() {
        var voters = List.of("1@name.that.is.nowhere.invalid:10080");
        try (var quorum = new RatisQuorum(properties(null, voters).quorumSettings(9080), new QuorumListeners())) {
            assertThat(quorum.unresolvedVoters()).isEmpty();
        }
    }

    private static CoordinatorProperties alone(Integer raftPort) {
        return properties(raftPort, List.of());
    }

    private static CoordinatorProperties properties(Integer raftPort, List<String> voters) {
        return new CoordinatorProperties(
                1,
                null,
                raftPort,
                voters,
                List.of(),
                Duration.ofSeconds(5),
                new CoordinatorProperties.Session(Duration.ofMillis(1500), Duration.ofMillis(50)),
                new CoordinatorProperties.Election(Duration.ofMillis(600), Duration.ofMillis(1200)),
                new CoordinatorProperties.Snapshot(10_000, Duration.ofHours(1)),
                new CoordinatorProperties.Limits(10, 10, 10, 10, 1, 1 << 20),
                new CoordinatorProperties.Feed(10, 10, 10));
    }
}

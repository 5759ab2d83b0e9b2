package io.naru.coordinator.config;

import io.naru.cluster.protocol.QuorumView;
import io.naru.coordinator.decider.Decider;
import io.naru.coordinator.quorum.RatisQuorum;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up once there is a leader, its image is here, and nothing is wrong with this coordinator's own disk. */
final class QuorumHealth implements HealthIndicator {
    private final RatisQuorum quorum;
    private final Decider decider;

    QuorumHealth(RatisQuorum quorum, Decider decider) {
        this.quorum = quorum;
        this.decider = decider;
    }

    @Override
    public Health health() {
        QuorumView view = quorum.view();
        @Nullable String failure = problem();
        boolean served = view.leader() != null && view.clusterId() != null;
        Health.Builder health = failure != null ? Health.down() : served ? Health.up() : Health.outOfService();
        health.withDetail("leader", view.leader() == null ? "none" : view.leader())
                .withDetail("version", view.version());
        List<String> unresolved = quorum.unresolvedVoters();
        if (!unresolved.isEmpty()) {
            health.withDetail("unresolved_voters", unresolved);
        }
        if (failure != null) {
            health.withDetail("problem", failure);
        }
        return health.build();
    }

    private @Nullable String problem() {
        Throwable undecided = decider.failure();
        return undecided == null
                ? quorum.failure()
                : "Deciding failed unexpectedly (" + undecided + "); the log says more. Restart this coordinator.";
    }
}

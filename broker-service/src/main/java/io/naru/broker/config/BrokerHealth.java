package io.naru.broker.config;

import io.naru.broker.metadata.BrokerSession;
import io.naru.broker.partition.LocalPartitions;
import io.naru.broker.partition.LogCleaner;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready once this broker is active in the cluster: a produce to what it leads would succeed. */
final class BrokerHealth implements HealthIndicator {
    private final BrokerSession session;
    private final LocalPartitions partitions;
    private final LogCleaner cleaner;

    BrokerHealth(BrokerSession session, LocalPartitions partitions, LogCleaner cleaner) {
        this.session = session;
        this.partitions = partitions;
        this.cleaner = cleaner;
    }

    @Override
    public Health health() {
        BrokerSession.State state = session.state();
        Health.Builder health = state == BrokerSession.State.ACTIVE ? Health.up() : Health.outOfService();
        health.withDetail("state", state.name());
        String problem = session.problem();
        if (problem != null) {
            health.withDetail("problem", problem);
        }
        var failures = partitions.failures();
        if (!failures.isEmpty()) {
            health.withDetail("failed_partitions", failures.size());
        }
        var uncleanable = cleaner.uncleanable();
        if (!uncleanable.isEmpty()) {
            health.withDetail("uncleanable_partitions", uncleanable);
        }
        return health.build();
    }
}

package io.naru.coordinator.config;

import io.naru.coordinator.control.ClusterLimits;
import io.naru.coordinator.feed.FeedLimits;
import io.naru.coordinator.liveness.LivenessSettings;
import io.naru.coordinator.quorum.QuorumSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A coordinator's own properties, all under {@code coordinator.}; its HTTP address and port are {@code server.address}
 * and {@code server.port}.
 *
 * @param id this coordinator's number in its quorum, 1 or more
 * @param dataDir where its log and snapshots live; null for {@code data/coordinator-<id>}
 * @param raftPort where it speaks Raft with the other coordinators; null for the HTTP port + 1000, or - 1000
 *     where there is no such port. Not opened in a quorum of one
 * @param voters all coordinators as {@code id@host:raft-port}; empty for a quorum of this one
 * @param allowedHosts names besides localhost and the bind address under which HTTP requests may come
 * @param decisionTimeout longest wait for the quorum's confirmation of a change
 */
@ConfigurationProperties("coordinator")
public record CoordinatorProperties(
        @DefaultValue("1") int id,
        @Nullable Path dataDir,
        @Nullable Integer raftPort,
        @DefaultValue List<String> voters,
        @DefaultValue List<String> allowedHosts,
        @DefaultValue("5s") Duration decisionTimeout,
        @DefaultValue Session session,
        @DefaultValue Election election,
        @DefaultValue Snapshot snapshot,
        @DefaultValue Limits limits,
        @DefaultValue Feed feed) {

    /**
     * Brokers' sessions.
     *
     * @param timeout silence after which a broker is fenced
     * @param checkInterval time between two looks at the sessions
     */
    public record Session(
            @DefaultValue("1500ms") Duration timeout,
            @DefaultValue("50ms") Duration checkInterval) {}

    /**
     * Elections among several coordinators; a quorum of one has its own, shorter ones.
     *
     * @param timeoutMin silence of the leader after which an election may begin
     * @param timeoutMax the same, at the latest
     */
    public record Election(
            @DefaultValue("600ms") Duration timeoutMin,
            @DefaultValue("1200ms") Duration timeoutMax) {}

    /**
     * Snapshots of the metadata.
     *
     * @param entries log entries after which one is taken
     * @param interval time after which one is taken, if there is anything new
     */
    public record Snapshot(
            @DefaultValue("10000") long entries,
            @DefaultValue("1h") Duration interval) {}

    /**
     * Bounds.
     *
     * @param brokers registered broker ids
     * @param topics topics
     * @param partitionsPerTopic partitions of one topic
     * @param partitions partitions of all topics together
     * @param replicationFactor replicas of one partition
     * @param bodyBytes bytes of a request's body
     */
    public record Limits(
            @DefaultValue("1000") int brokers,
            @DefaultValue("10000") int topics,
            @DefaultValue("1000") int partitionsPerTopic,
            @DefaultValue("100000") int partitions,
            @DefaultValue("1") int replicationFactor,
            @DefaultValue("1048576") int bodyBytes) {}

    /**
     * The metadata feed.
     *
     * @param entries newest entries kept for followers to resume from
     * @param records records in all kept entries together
     * @param waiting requests that may wait for news at once
     */
    public record Feed(
            @DefaultValue("4096") int entries,
            @DefaultValue("200000") int records,
            @DefaultValue("10000") int waiting) {}

    public CoordinatorProperties {
        InvalidPropertyException.requireWithin("coordinator.id", id, 1, Integer.MAX_VALUE);
        if (raftPort != null) {
            InvalidPropertyException.requireWithin("coordinator.raft-port", raftPort, 1, MAX_PORT);
        }
        requireMillis("coordinator.decision-timeout", decisionTimeout, 100);
        requireMillis("coordinator.session.timeout", session.timeout(), 100);
        requireMillis("coordinator.session.check-interval", session.checkInterval(), 1);
        requireMillis("coordinator.election.timeout-min", election.timeoutMin(), 10);
        requireMillis(
                "coordinator.election.timeout-max",
                election.timeoutMax(),
                election.timeoutMin().toMillis() + 1);
        requireMillis("coordinator.snapshot.interval", snapshot.interval(), 1000);
        InvalidPropertyException.requireWithin("coordinator.snapshot.entries", snapshot.entries(), 10, 10_000_000);
        InvalidPropertyException.requireWithin("coordinator.limits.brokers", limits.brokers(), 1, 100_000);
        InvalidPropertyException.requireWithin("coordinator.limits.topics", limits.topics(), 1, 10_000_000);
        InvalidPropertyException.requireWithin(
                "coordinator.limits.partitions-per-topic", limits.partitionsPerTopic(), 1, 100_000);
        InvalidPropertyException.requireWithin("coordinator.limits.partitions", limits.partitions(), 1, 10_000_000);
        // Brokers do not replicate: a second replica would never be in sync.
        InvalidPropertyException.requireWithin(
                "coordinator.limits.replication-factor", limits.replicationFactor(), 1, 1);
        InvalidPropertyException.requireWithin("coordinator.limits.body-bytes", limits.bodyBytes(), 1024, 1 << 28);
        InvalidPropertyException.requireWithin("coordinator.feed.entries", feed.entries(), 1, 1_000_000);
        InvalidPropertyException.requireWithin("coordinator.feed.records", feed.records(), 1, 100_000_000);
        InvalidPropertyException.requireWithin("coordinator.feed.waiting", feed.waiting(), 1, 1_000_000);
    }

    private static final int MAX_PORT = 65_535;
    private static final int RAFT_PORT_OFFSET = 1000;

    private static void requireMillis(String property, Duration value, long least) {
        InvalidPropertyException.requireWithin(property + " in ms", value.toMillis(), least, Integer.MAX_VALUE);
    }

    ClusterLimits clusterLimits() {
        return new ClusterLimits(
                limits.brokers(),
                limits.topics(),
                limits.partitionsPerTopic(),
                limits.partitions(),
                limits.replicationFactor());
    }

    FeedLimits feedLimits() {
        return new FeedLimits(feed.entries(), feed.records(), feed.waiting());
    }

    LivenessSettings livenessSettings() {
        return new LivenessSettings(session.timeout(), session.checkInterval(), decisionTimeout);
    }

    private static int derivedRaftPort(int httpPort) {
        int above = httpPort + RAFT_PORT_OFFSET;
        return above <= MAX_PORT ? above : httpPort - RAFT_PORT_OFFSET;
    }

    QuorumSettings quorumSettings(int httpPort) {
        int ownRaftPort = raftPort != null ? raftPort : derivedRaftPort(httpPort);
        return new QuorumSettings(
                id,
                dataDir != null ? dataDir : Path.of("data", "coordinator-" + id),
                VoterAddresses.parse(voters, id, ownRaftPort),
                election.timeoutMin(),
                election.timeoutMax(),
                snapshot.entries(),
                snapshot.interval());
    }
}

package io.naru.coordinator.quorum;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How this coordinator takes part in the quorum.
 *
 * @param id this voter's; a voter that lost its disk comes back under a new one
 * @param directory where its log and snapshots live
 * @param voters all of the quorum, this one included, each id once; their order does not matter
 * @param electionTimeoutMin a follower that hears nothing that long may stand for election
 * @param electionTimeoutMax the same, at the latest
 * @param snapshotEntries entries after which a snapshot is taken
 * @param snapshotInterval time after which one is taken, if there is anything new
 */
public record QuorumSettings(
        int id,
        Path directory,
        List<Voter> voters,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        long snapshotEntries,
        Duration snapshotInterval) {

    /**
     * One member of the quorum.
     *
     * @param port of its Raft listener
     */
    public record Voter(int id, String host, int port) {}

    public QuorumSettings {
        voters = List.copyOf(voters);
    }

    Voter self() {
        return voters.stream().filter(voter -> voter.id() == id).findFirst().orElseThrow();
    }

    boolean isAlone() {
        return voters.size() == 1;
    }
}

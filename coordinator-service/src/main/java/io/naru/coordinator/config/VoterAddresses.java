package io.naru.coordinator.config;

import io.naru.coordinator.quorum.QuorumSettings.Voter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code coordinator.voters}. */
final class VoterAddresses {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})@(\\[[0-9a-fA-F:]+]|[^:@\\s]+):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    private VoterAddresses() {}

    /**
     * The voters as configured, or where none are, this coordinator alone on loopback.
     *
     * @throws InvalidPropertyException if one is not {@code id@host:raft-port}
     */
    static List<Voter> parse(List<String> configured, int ownId, int ownRaftPort) {
        if (configured.isEmpty()) {
            return List.of(new Voter(ownId, "127.0.0.1", ownRaftPort));
        }
        List<Voter> voters = configured.stream().map(VoterAddresses::parse).toList();
        if (voters.stream().map(Voter::id).distinct().count() != voters.size()) {
            throw new InvalidPropertyException("coordinator.voters names an id twice.");
        }
        if (voters.stream().noneMatch(voter -> voter.id() == ownId)) {
            throw new InvalidPropertyException("coordinator.voters does not name coordinator.id " + ownId
                    + ", which this process is. Add it, or set the id it has there.");
        }
        return voters;
    }

    private static Voter parse(String text) {
        Matcher matched = FORM.matcher(text.strip());
        if (matched.matches()) {
            int port = Integer.parseInt(matched.group(3));
            if (port >= 1 && port <= MAX_PORT) {
                return new Voter(Integer.parseInt(matched.group(1)), matched.group(2), port);
            }
        }
        throw new InvalidPropertyException("'" + text
                + "' in coordinator.voters is not of the form id@host:raft-port, for instance 1@10.0.0.5:10080");
    }
}

package io.naru.coordinator.quorum;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.protocol.QuorumView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/** Puts what Ratis knows of its group into our own words. */
final class QuorumViews {
    private QuorumViews() {}

    static QuorumView of(@Nullable RaftServer server, QuorumSettings settings, ClusterImage image) {
        if (server == null) {
            return unknown(settings, image);
        }
        try {
            RaftServer.Division division = server.getDivision(QuorumGroup.ID);
            DivisionInfo info = division.getInfo();
            RaftPeerId leader = info.getLeaderId();
            List<QuorumView.Member> members = info.isLeader()
                    ? asLeader(settings, info, division)
                    : settings.voters().stream()
                            .map(voter -> member(voter, roleOf(voter, settings, info, leader), null, null))
                            .toList();
            return new QuorumView(
                    image.clusterId(),
                    leader == null ? null : leader.toString(),
                    info.getCurrentTerm(),
                    image.version(),
                    members);
        } catch (IOException _) {
            return unknown(settings, image);
        }
    }

    /** Not started, or closed: what is configured is still true. */
    private static QuorumView unknown(QuorumSettings settings, ClusterImage image) {
        List<QuorumView.Member> members = settings.voters().stream()
                .map(voter -> member(voter, "unknown", null, null))
                .toList();
        return new QuorumView(image.clusterId(), null, 0, image.version(), members);
    }

    private static List<QuorumView.Member> asLeader(
            QuorumSettings settings, DivisionInfo info, RaftServer.Division division) {
        Map<String, Long> committed = new HashMap<>();
        for (CommitInfoProto commit : division.getCommitInfos()) {
            committed.put(commit.getServer().getId().toStringUtf8(), commit.getCommitIndex());
        }
        Map<String, Long> contact = new HashMap<>();
        RoleInfoProto role = info.getRoleInfoProto();
        for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
            contact.put(follower.getId().getId().toStringUtf8(), follower.getLastRpcElapsedTimeMs());
        }
        long newest = division.getRaftLog().getLastCommittedIndex();
        var members = new ArrayList<QuorumView.Member>();
        for (QuorumSettings.Voter voter : settings.voters()) {
            String id = String.valueOf(voter.id());
            boolean self = voter.id() == settings.id();
            Long reached = committed.get(id);
            Long lag = self ? Long.valueOf(0) : reached == null ? null : Long.valueOf(Math.max(0, newest - reached));
            members.add(member(voter, self ? "leader" : "follower", lag, self ? Long.valueOf(0) : contact.get(id)));
        }
        return members;
    }

    private static String roleOf(
            QuorumSettings.Voter voter, QuorumSettings settings, DivisionInfo info, @Nullable RaftPeerId leader) {
        if (voter.id() == settings.id()) {
            return info.isCandidate() ? "candidate" : "follower";
        }
        if (leader == null) {
            return "unknown";
        }
        return leader.equals(QuorumGroup.peerId(voter.id())) ? "leader" : "follower";
    }

    private static QuorumView.Member member(
            QuorumSettings.Voter voter, String role, @Nullable Long lag, @Nullable Long lastContactMs) {
        return new QuorumView.Member(
                String.valueOf(voter.id()), voter.host() + ":" + voter.port(), role, lag, lastContactMs);
    }
}

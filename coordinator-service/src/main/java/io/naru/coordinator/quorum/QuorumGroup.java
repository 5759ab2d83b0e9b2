package io.naru.coordinator.quorum;

import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** The quorum's voters as Ratis names them. */
final class QuorumGroup {
    /** Every Naru quorum has the same group id; what tells clusters apart is the id inside the image. */
    static final RaftGroupId ID = RaftGroupId.valueOf(UUID.fromString("6e617275-6d65-7461-6461-746171756f72"));

    private QuorumGroup() {}

    /** All voters that the settings name. */
    static RaftGroup of(QuorumSettings settings) {
        return RaftGroup.valueOf(
                ID, settings.voters().stream().map(QuorumGroup::peer).toList());
    }

    static RaftPeerId peerId(int voter) {
        return RaftPeerId.valueOf(String.valueOf(voter));
    }

    private static RaftPeer peer(QuorumSettings.Voter voter) {
        return RaftPeer.newBuilder()
                .setId(peerId(voter.id()))
                .setAddress(voter.host() + ":" + voter.port())
                .build();
    }
}

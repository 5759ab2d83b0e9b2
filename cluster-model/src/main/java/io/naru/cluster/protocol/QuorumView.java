package io.naru.cluster.protocol;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one coordinator knows of the quorum: {@code GET /v1/quorum}.
 *
 * @param leader the leader's id, null while there is none
 * @param version of the image this coordinator has applied
 */
public record QuorumView(
        @Nullable UUID clusterId, @Nullable String leader, long term, long version, List<Member> members) {
    /**
     * One voter.
     *
     * @param lag entries of the log the member is behind the leader; null where this coordinator cannot know
     * @param lastContactMs time since the leader heard from it; null where this coordinator cannot know
     */
    public record Member(
            String id,
            String address,
            String role,
            @Nullable Long lag,
            @Nullable Long lastContactMs) {}
}

package io.naru.broker.api.v1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.cluster.protocol.QuorumView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The coordinators, as one of them sees them. */
@Schema(name = "Quorum")
record QuorumReport(
        @Schema(description = "The leader's id; null while there is none", nullable = true) @Nullable
        String leader,

        @Schema(description = "Grows with every election") long term,
        @Schema(description = "Of the newest applied image") long version,
        List<Member> members) {

    /** One coordinator. */
    @Schema(name = "QuorumMember")
    record Member(
            String id,
            String address,
            String role,

            @Schema(description = "Log entries behind the leader; null where unknown", nullable = true) @Nullable
            Long lag,

            @Schema(description = "Since the leader heard from it; null where unknown", nullable = true)
            @JsonProperty("last_contact_ms")
            @Nullable
            Long lastContactMs) {}

    static QuorumReport of(QuorumView view) {
        return new QuorumReport(
                view.leader(),
                view.term(),
                view.version(),
                view.members().stream()
                        .map(m -> new Member(m.id(), m.address(), m.role(), m.lag(), m.lastContactMs()))
                        .toList());
    }
}

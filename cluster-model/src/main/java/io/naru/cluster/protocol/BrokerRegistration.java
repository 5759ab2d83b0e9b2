package io.naru.cluster.protocol;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broker process asks for its id: {@code POST /internal/brokers/{id}/registration}.
 *
 * @param clusterId the cluster its data directory belongs to; null while it belongs to none
 * @param incarnation drawn at the start of this process
 * @param previousIncarnation the one its locked data directory remembers; presenting it supersedes that registration
 *     at once, because two processes cannot hold one locked directory
 * @param directoryId identity of its data directory
 * @param url where clients and other brokers reach it
 */
public record BrokerRegistration(
        @Nullable UUID clusterId,
        UUID incarnation,
        @Nullable UUID previousIncarnation,
        UUID directoryId,
        String url,
        @Nullable String rack) {

    /**
     * The answer: the broker has its id.
     *
     * @param brokerEpoch to be named in every heartbeat from now on
     * @param version the image version that holds the registration; once replayed, a heartbeat that says so unfences
     */
    public record Accepted(UUID clusterId, long brokerEpoch, long version) {}
}

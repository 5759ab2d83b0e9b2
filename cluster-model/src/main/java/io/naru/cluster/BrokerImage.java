package io.naru.cluster;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows of one broker.
 *
 * @param epoch of its latest registration
 * @param fenced true from registration, or the end of its session, until it has caught up
 */
public record BrokerImage(
        int id,
        UUID incarnation,
        long epoch,
        UUID directoryId,
        String url,
        @Nullable String rack,
        boolean fenced) {
    BrokerImage withFenced(boolean nowFenced) {
        return new BrokerImage(id, incarnation, epoch, directoryId, url, rack, nowFenced);
    }
}

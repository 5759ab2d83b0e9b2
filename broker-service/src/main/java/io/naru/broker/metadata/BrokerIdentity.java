package io.naru.broker.metadata;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a broker's data directory says it is.
 *
 * @param brokerId the id it was first used with
 * @param clusterId the cluster it belongs to; null before its first registration
 * @param incarnation of the process that used it last; null before the first
 */
public record BrokerIdentity(
        int brokerId, @Nullable UUID clusterId, @Nullable UUID incarnation) {
    /** Whether both are of one broker in one cluster, as far as they know of one. */
    public boolean isOfSameBrokerAs(BrokerIdentity other) {
        return brokerId == other.brokerId
                && (clusterId == null || other.clusterId == null || clusterId.equals(other.clusterId));
    }

    /** Keeps the identity where the data is, so that the two cannot be mixed up. Blocking. */
    public interface Store {
        /** What is kept, or null in a fresh directory. */
        @Nullable
        BrokerIdentity load();

        /** Replaces what is kept; on disk when it returns. */
        void save(BrokerIdentity identity);
    }
}

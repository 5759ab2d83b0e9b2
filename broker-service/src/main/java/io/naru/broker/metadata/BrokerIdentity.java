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
    /** Keeps the identity where the data is, so that the two cannot be mixed up. Blocking. */
    public interface Store {
        /** What is kept, or null in a fresh directory. */
        @Nullable
        BrokerIdentity load();

        /** Replaces what is kept; on disk when it returns. */
        void save(BrokerIdentity identity);
    }
}

package io.naru.broker.api.v1.produce;

import io.naru.broker.api.web.Parameters;
import io.naru.broker.api.web.Query;
import io.naru.broker.partition.Acks;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the query of a produce request asks for.
 *
 * @param timeoutMillis how long each append may take
 * @param key of a body that is one value; null for none
 * @param partition of a body that is one value; null to choose
 */
record ProduceSettings(
        Acks acks,
        long timeoutMillis,
        @Nullable String key,
        @Nullable Integer partition) {
    static final long DEFAULT_TIMEOUT_MILLIS = 30_000;
    static final long LONGEST_TIMEOUT_MILLIS = 300_000;

    private static final Map<String, Acks> ACKS = Map.of("all", Acks.ALL, "leader", Acks.LEADER);

    /**
     * Reads the query.
     *
     * @throws NaruException {@code INVALID_PARAMETER}
     */
    static ProduceSettings of(Query query) {
        String partition = query.get("partition");
        return new ProduceSettings(
                Parameters.choice("acks", query.get("acks"), Acks.ALL, ACKS),
                Parameters.longWithin(
                        "timeout_ms", query.get("timeout_ms"), DEFAULT_TIMEOUT_MILLIS, 1, LONGEST_TIMEOUT_MILLIS),
                query.get("key"),
                partition == null ? null : Parameters.intWithin("partition", partition, 0, 0, Integer.MAX_VALUE));
    }

    /**
     * Refuses parameters that only a body of one value has a use for.
     *
     * @throws NaruException {@code INVALID_PARAMETER}
     */
    void requireNoneOfOneValue() {
        if (key != null || partition != null) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "The parameters 'key' and 'partition' go with a body that is one value; records in JSON carry"
                            + " their own.");
        }
    }
}

package io.naru.broker.api.v1.read;

import io.naru.broker.api.web.Parameters;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much one page takes.
 *
 * @param records most records
 * @param bytes most bytes of records as they are sent; one record alone may go beyond
 * @param maxWait longest wait for the first record
 */
record PageLimits(int records, int bytes, Duration maxWait) {
    static final int DEFAULT_RECORDS = 500;
    static final int MAX_RECORDS = 10_000;
    static final int DEFAULT_BYTES = 1 << 20;
    static final int MAX_BYTES = 16 << 20;
    static final int MAX_WAIT_MS = 30_000;

    /**
     * Reads the three parameters, null where they were left out.
     *
     * @throws io.naru.cluster.NaruException {@code INVALID_PARAMETER}
     */
    static PageLimits parse(@Nullable String limit, @Nullable String maxBytes, @Nullable String waitMs) {
        return new PageLimits(
                Parameters.intWithin("limit", limit, DEFAULT_RECORDS, 1, MAX_RECORDS),
                Parameters.intWithin("max_bytes", maxBytes, DEFAULT_BYTES, 1, MAX_BYTES),
                Duration.ofMillis(Parameters.intWithin("wait_ms", waitMs, 0, 0, MAX_WAIT_MS)));
    }
}

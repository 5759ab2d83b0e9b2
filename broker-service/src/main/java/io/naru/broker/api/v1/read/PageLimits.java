package io.naru.broker.api.v1.read;

import io.naru.broker.api.web.Parameters;
import io.naru.broker.api.web.Query;
import java.time.Duration;

/**
 * How much one page takes.
 *
 * @param records most records
 * @param bytes most bytes of records as they are sent; one record alone may go beyond
 * @param maxWait longest wait for the first record
 */
record PageLimits(int records, int bytes, Duration maxWait) {
    static final String LIMIT = "limit";
    static final String MAX_BYTES_PARAMETER = "max_bytes";
    static final String WAIT_MS = "wait_ms";

    static final int DEFAULT_RECORDS = 500;
    static final int MAX_RECORDS = 10_000;
    static final int DEFAULT_BYTES = 1 << 20;
    static final int MAX_BYTES = 16 << 20;
    static final int MAX_WAIT_MS = 30_000;

    /**
     * Reads the three parameters.
     *
     * @throws io.naru.cluster.NaruException {@code INVALID_PARAMETER}
     */
    static PageLimits of(Query query) {
        return new PageLimits(
                number(query, LIMIT, DEFAULT_RECORDS, 1, MAX_RECORDS),
                number(query, MAX_BYTES_PARAMETER, DEFAULT_BYTES, 1, MAX_BYTES),
                Duration.ofMillis(number(query, WAIT_MS, 0, 0, MAX_WAIT_MS)));
    }

    private static int number(Query query, String name, int fallback, int least, int most) {
        return Parameters.intWithin(name, query.get(name), fallback, least, most);
    }
}

package io.naru.broker.api.web;

import java.time.Duration;

/**
 * Bounds of what one request, and all of them together, may take. Crossing one is a 4xx or 503 that names the property.
 *
 * @param maxRequestBytes largest body that is taken as a whole, and longest line of a streamed one ({@code
 *     http.max-request-bytes})
 * @param maxRequestRecords most records in one body ({@code http.max-request-records})
 * @param maxJsonDepth deepest nesting of JSON ({@code http.max-json-depth})
 * @param maxBodiesBytes of the bodies of all requests being read and stored at a time ({@code
 *     http.max-bodies-bytes})
 * @param bodyTimeout longest time for a body that is taken as a whole to arrive ({@code http.body-timeout})
 */
public record HttpLimits(
        int maxRequestBytes, int maxRequestRecords, int maxJsonDepth, long maxBodiesBytes, Duration bodyTimeout) {
    /** Deepest nesting that can be configured: checking it must fit the stack of any thread. */
    public static final int DEEPEST_JSON = 1000;

    public HttpLimits {
        requireWithin("http.max-request-bytes", maxRequestBytes, 1024, 1 << 30);
        requireWithin("http.max-request-records", maxRequestRecords, 1, 10_000_000);
        requireWithin("http.max-json-depth", maxJsonDepth, 1, DEEPEST_JSON);
        requireWithin("http.max-bodies-bytes", maxBodiesBytes, maxRequestBytes, Long.MAX_VALUE);
        requireWithin("http.body-timeout in ms", bodyTimeout.toMillis(), 1, Integer.MAX_VALUE);
    }

    private static void requireWithin(String property, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    property + " lies between " + least + " and " + most + "; " + value + " does not");
        }
    }
}

package io.naru.broker.partition;

import org.jspecify.annotations.Nullable;

/**
 * How far from the broker's clock the timestamps may lie that records bring. A record far ahead of it would be kept for
 * longer than {@code retention.ms}, one far behind deleted at once.
 *
 * @param beforeMaxMillis how far behind ({@code message.timestamp.before.max.ms})
 * @param afterMaxMillis how far ahead ({@code message.timestamp.after.max.ms})
 */
public record TimestampBounds(long beforeMaxMillis, long afterMaxMillis) {
    /** What is wrong with a timestamp, in epoch ms and not negative; null if nothing is. */
    public @Nullable String flawOf(long timestamp, long nowMillis) {
        long ahead = timestamp - nowMillis;
        if (ahead > afterMaxMillis) {
            return "Its timestamp %d lies %d ms ahead of the broker's clock, and message.timestamp.after.max.ms allows %d."
                    .formatted(timestamp, ahead, afterMaxMillis);
        }
        if (-ahead > beforeMaxMillis) {
            return "Its timestamp %d lies %d ms behind the broker's clock, and message.timestamp.before.max.ms allows %d."
                    .formatted(timestamp, -ahead, beforeMaxMillis);
        }
        return null;
    }
}

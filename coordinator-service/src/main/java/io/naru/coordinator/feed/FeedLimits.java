package io.naru.coordinator.feed;

/**
 * Bounds of the metadata feed.
 *
 * @param entries newest entries kept for followers to resume from
 * @param records records in all kept entries together
 * @param waiting requests that may wait for news at once
 */
public record FeedLimits(int entries, int records, int waiting) {
    /** What holds where nothing else is configured. */
    public static final FeedLimits DEFAULTS = new FeedLimits(4_096, 200_000, 10_000);
}

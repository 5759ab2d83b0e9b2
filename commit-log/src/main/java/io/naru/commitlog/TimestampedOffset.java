package io.naru.commitlog;

/**
 * A record's place and its time.
 *
 * @param timestamp epoch ms
 */
public record TimestampedOffset(long offset, long timestamp) {}

package io.naru.commitlog;

/**
 * How a log lays out its segments.
 *
 * @param segmentBytes size in bytes at which a new segment is begun; a larger batch gets a segment of its own
 * @param segmentMillis age in ms, counted from a segment's first append, at which the next append begins a new one
 * @param indexIntervalBytes bytes of batches between two index entries
 */
public record LogConfig(int segmentBytes, long segmentMillis, int indexIntervalBytes) {
    public LogConfig {
        if (segmentBytes < 1 || segmentMillis < 1 || indexIntervalBytes < 0) {
            throw new IllegalArgumentException("segmentBytes and segmentMillis have to be 1 or more and"
                    + " indexIntervalBytes 0 or more: " + segmentBytes + ", " + segmentMillis + ", "
                    + indexIntervalBytes);
        }
    }
}

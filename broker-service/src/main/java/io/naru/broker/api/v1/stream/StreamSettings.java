package io.naru.broker.api.v1.stream;

import java.time.Duration;

/**
 * Bounds of the streams of one broker.
 *
 * @param maxStreams most streams open at once ({@code streams.max})
 * @param maxChunkBytes size from which a chunk is sent; one record alone may go beyond ({@code streams.chunk-bytes})
 * @param heartbeat longest silence on a stream ({@code streams.heartbeat})
 * @param retry how long a client is asked to wait before it comes back ({@code streams.retry})
 */
public record StreamSettings(int maxStreams, int maxChunkBytes, Duration heartbeat, Duration retry) {
    /** Most partitions one stream follows. */
    public static final int MAX_PARTITIONS = 256;

    public StreamSettings {
        if (maxStreams < 0 || maxChunkBytes < 1 || heartbeat.toMillis() < 4 || retry.isNegative()) {
            throw new IllegalArgumentException(
                    "streams.max must be at least 0, streams.chunk-bytes at least 1, streams.heartbeat at least 4 ms "
                            + "and streams.retry at least 0");
        }
    }
}

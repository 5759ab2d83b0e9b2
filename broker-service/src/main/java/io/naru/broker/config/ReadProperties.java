package io.naru.broker.config;

import io.naru.broker.api.v1.stream.StreamSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/** What readers may use. */
public final class ReadProperties {
    private ReadProperties() {}

    /**
     * Streams: {@code streams.*}.
     *
     * @param max most streams open at once; one more is told to come back later
     * @param chunkBytes size from which a piece of a stream is sent; also what a client that does not read makes the
     *     broker hold, about twice
     * @param heartbeat longest silence on a stream; proxies cut connections that are silent for longer than they like
     * @param retry how long a client is asked to wait before it connects again
     */
    @ConfigurationProperties("streams")
    public record Streams(
            @DefaultValue("5000") int max,

            @DefaultValue("65536") @Name("chunk-bytes") int chunkBytes,

            @DefaultValue("10s") Duration heartbeat,
            @DefaultValue("1s") Duration retry) {

        public Streams {
            if (heartbeat.compareTo(Duration.ofSeconds(15)) > 0) {
                throw new IllegalArgumentException(
                        "streams.heartbeat is at most 15s, the silence clients are promised; it is " + heartbeat);
            }
        }

        StreamSettings settings() {
            return new StreamSettings(max, chunkBytes, heartbeat, retry);
        }
    }

    /**
     * Requests that wait for records: {@code polls.*}.
     *
     * @param max most requests that wait at once; one more is refused
     */
    @ConfigurationProperties("polls")
    public record Polls(@DefaultValue("10000") int max) {}
}

package io.naru.broker.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Who this broker is and what it may use: the properties {@code broker.*}.
 *
 * @param id unique in the cluster, from 0
 * @param rack where it stands; replicas are spread over racks
 * @param heartbeatInterval between two signs of life to the coordinators
 * @param loops threads that own partitions; 0 for one a core, at most 4
 */
@ConfigurationProperties("broker")
public record BrokerProperties(
        @DefaultValue("1") int id,
        @Nullable String rack,
        @DefaultValue("250ms") Duration heartbeatInterval,
        @DefaultValue("0") int loops) {

    public BrokerProperties {
        if (id < 0) {
            throw new IllegalArgumentException("broker.id is a number from 0, and " + id + " is none");
        }
    }

    int effectiveLoops() {
        return loops > 0 ? loops : Math.min(4, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Where the coordinators are: {@code coordinator.urls}.
     *
     * @param urls of as many coordinators as are known; one is enough
     */
    @ConfigurationProperties("coordinator")
    public record Coordinators(
            @DefaultValue("http://127.0.0.1:9080") List<URI> urls) {}

    /**
     * How often records are looked for that need not be kept: {@code log.retention.check.interval.ms}. How many are kept
     * topic configs say.
     *
     * @param ms between two looks
     */
    @ConfigurationProperties("log.retention.check.interval")
    public record RetentionCheck(@DefaultValue("300000") long ms) {
        public RetentionCheck {
            if (ms < 1) {
                throw new IllegalArgumentException(
                        "log.retention.check.interval.ms is 1 or more, and " + ms + " is not");
            }
        }

        Duration interval() {
            return Duration.ofMillis(ms);
        }
    }

    /**
     * What producing may use: {@code produce.*}.
     *
     * @param maxPendingBytes of appends that wait for the disk, over all partitions; beyond it writers get 503
     */
    @ConfigurationProperties("produce")
    public record Produce(
            @DefaultValue("67108864") @Name("max-pending-bytes")
            long maxPendingBytes) {}
}

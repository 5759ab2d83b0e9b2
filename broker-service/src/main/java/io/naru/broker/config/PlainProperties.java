package io.naru.broker.config;

import io.naru.cluster.TopicConfig;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The properties that are read by name instead of being bound to a record: under {@code log.} stand the names of topic
 * configs, which no record can have, and with them the other names that Kafka's operators know.
 */
public final class PlainProperties {
    private static final Set<String> NAMED = Set.of(
            "advertised.url",
            "log.cleaner.backoff.ms",
            "log.cleaner.dedupe.buffer.size",
            "log.cleaner.delete.retention.ms",
            "log.cleaner.io.buffer.size",
            "log.cleaner.io.max.bytes.per.second",
            "log.cleaner.max.compaction.lag.ms",
            "log.cleaner.min.cleanable.ratio",
            "log.cleaner.min.compaction.lag.ms",
            "log.cleaner.threads",
            "log.dir",
            "log.dirs",
            "log.flush.offset.checkpoint.interval.ms",
            "log.max.open.files",
            "log.min.free.bytes",
            "log.retention.hours",
            "log.retention.minutes",
            "log.roll.hours",
            "log.roll.ms",
            "log.scrub.bytes.per.second",
            "log.scrub.interval.ms",
            "log.segment.delete.delay.ms",
            "produce.idempotency-key.expiration.ms",
            "produce.max-idempotency-keys",
            "produce.max-producers",
            "producer.id.expiration.ms");

    private PlainProperties() {}

    /** All their names. */
    public static Set<String> names() {
        return Stream.concat(NAMED.stream(), Arrays.stream(TopicConfig.values()).map(config -> "log." + config.key()))
                .collect(Collectors.toUnmodifiableSet());
    }
}

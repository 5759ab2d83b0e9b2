package io.naru.broker.config;

import io.naru.cluster.NaruException;
import io.naru.cluster.TopicConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * The broker-wide defaults of topic configs. Each topic config can be given for all topics as {@code log.} and its
 * name, for instance {@code log.segment.bytes}; some also under the names and in the units that Kafka's operators know:
 * {@code log.roll.ms} and {@code log.roll.hours}, {@code log.retention.minutes} and {@code log.retention.hours}, {@code
 * log.segment.delete.delay.ms}, and those of compaction under {@code log.cleaner.}. Of several the finest unit counts.
 */
final class LogDefaults {
    /** The finest unit of a config first. */
    private static final List<Alias> ALIASES = List.of(
            new Alias("log.roll.ms", TopicConfig.SEGMENT_MS, Duration.ofMillis(1)),
            new Alias("log.roll.hours", TopicConfig.SEGMENT_MS, Duration.ofHours(1)),
            new Alias("log.retention.minutes", TopicConfig.RETENTION_MS, Duration.ofMinutes(1)),
            new Alias("log.retention.hours", TopicConfig.RETENTION_MS, Duration.ofHours(1)),
            new Alias("log.segment.delete.delay.ms", TopicConfig.FILE_DELETE_DELAY_MS, Duration.ofMillis(1)),
            new Alias("log.cleaner.delete.retention.ms", TopicConfig.DELETE_RETENTION_MS, Duration.ofMillis(1)),
            new Alias("log.cleaner.min.cleanable.ratio", TopicConfig.MIN_CLEANABLE_DIRTY_RATIO, null),
            new Alias("log.cleaner.min.compaction.lag.ms", TopicConfig.MIN_COMPACTION_LAG_MS, Duration.ofMillis(1)),
            new Alias("log.cleaner.max.compaction.lag.ms", TopicConfig.MAX_COMPACTION_LAG_MS, Duration.ofMillis(1)));

    /** Another property that sets the default of a config, in its own unit; null for what is no time. */
    private record Alias(
            String property, TopicConfig config, @Nullable Duration unit) {}

    private LogDefaults() {}

    /**
     * Topic config → default, for those that the environment sets.
     *
     * @throws IllegalArgumentException naming the property, if a value is out of bounds
     */
    static Map<String, String> of(Environment environment) {
        var defaults = new TreeMap<String, String>();
        for (TopicConfig config : TopicConfig.values()) {
            String property = "log." + config.key();
            String value = environment.getProperty(property);
            if (value != null) {
                defaults.put(config.key(), checked(property, config.key(), value));
            }
        }
        for (Alias alias : ALIASES) {
            String value = environment.getProperty(alias.property());
            if (value != null && !defaults.containsKey(alias.config().key())) {
                String millis = inMillis(alias, value);
                defaults.put(
                        alias.config().key(),
                        checked(alias.property(), alias.config().key(), millis));
            }
        }
        return defaults;
    }

    private static String inMillis(Alias alias, String value) {
        Duration unit = alias.unit();
        if (unit == null) {
            return value;
        }
        try {
            long number = Long.parseLong(value);
            // -1 means "no limit" in any unit.
            return number < 0 ? value : Long.toString(Math.multiplyExact(number, unit.toMillis()));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    alias.property() + ": '" + value + "' is no whole number, or one too large.", e);
        }
    }

    private static String checked(String property, String key, String value) {
        try {
            TopicConfig.require(key, value);
            return value;
        } catch (NaruException e) {
            throw new IllegalArgumentException(property + ": " + e.detail(), e);
        }
    }
}

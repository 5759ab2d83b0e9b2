package io.naru.broker.config;

import io.naru.cluster.NaruException;
import io.naru.cluster.TopicConfig;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.core.env.Environment;

/**
 * The broker-wide defaults of topic configs. Each topic config can be given for all topics as {@code log.} and its
 * name, for instance {@code log.segment.bytes}; age also as {@code log.roll.ms} or {@code log.roll.hours}, the names
 * that Kafka's operators know.
 */
final class LogDefaults {
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
        Long rollHours = environment.getProperty("log.roll.hours", Long.class);
        String rollMs = environment.getProperty("log.roll.ms");
        if (rollMs != null) {
            defaults.put(TopicConfig.SEGMENT_MS.key(), checked("log.roll.ms", TopicConfig.SEGMENT_MS.key(), rollMs));
        } else if (rollHours != null) {
            String millis = Long.toString(Duration.ofHours(rollHours).toMillis());
            defaults.put(TopicConfig.SEGMENT_MS.key(), checked("log.roll.hours", TopicConfig.SEGMENT_MS.key(), millis));
        }
        return defaults;
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

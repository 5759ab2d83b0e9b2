package io.naru.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configs a topic can have, under Kafka's names, each with its type, bounds, default and one line of help.
 * Only configs that have an effect are listed.
 */
public enum TopicConfig {
    CLEANUP_POLICY(
            "cleanup.policy",
            Type.CHOICE,
            "delete",
            List.of("delete", "compact", "compact,delete", "delete,compact"),
            "Whether records go when they are old or too many ('delete'), or when a later one has their key ('compact'),"
                    + " or both. Where topics are compacted every record needs a key."),
    COMPRESSION_TYPE(
            "compression.type",
            Type.CHOICE,
            "producer",
            List.of("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"),
            "How batches are compressed on disk; 'producer' keeps them as they came, which is uncompressed where the"
                    + " broker builds them."),
    COMPRESSION_GZIP_LEVEL(
            "compression.gzip.level",
            Type.CHOICE,
            "-1",
            List.of("-1", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
            "How hard gzip tries where compression.type is gzip; 9 is smallest and slowest, -1 stands for 6."),
    COMPRESSION_LZ4_LEVEL(
            "compression.lz4.level",
            1,
            17,
            9,
            "How hard lz4 tries where compression.type is lz4; 9, the default, is the fast compressor, all others are"
                    + " the slow one that makes less of it."),
    COMPRESSION_ZSTD_LEVEL(
            "compression.zstd.level",
            -131_072,
            22,
            3,
            "How hard zstd tries where compression.type is zstd; 22 is smallest and takes half a second a megabyte."),
    DELETE_RETENTION_MS(
            "delete.retention.ms",
            0,
            Long.MAX_VALUE,
            24L * 60 * 60 * 1000,
            "Time in ms that a tombstone stays after the first compaction that met it, so that readers learn of it."),
    FILE_DELETE_DELAY_MS(
            "file.delete.delay.ms",
            0,
            Long.MAX_VALUE,
            60_000,
            "Time in ms that files of deleted records stay on the disk, for those who are reading them."),
    FLUSH_MESSAGES(
            "flush.messages",
            1,
            Long.MAX_VALUE,
            1,
            "Records that may be acknowledged before they are forced to disk; 1 forces every record first."),
    FLUSH_MS(
            "flush.ms",
            0,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            "Longest time in ms that appended bytes wait for their force, where flush.messages does not force at once."),
    MAX_COMPACTION_LAG_MS(
            "max.compaction.lag.ms",
            1,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            "Age in ms at which records are compacted, however few of them there are."),
    MAX_MESSAGE_BYTES(
            "max.message.bytes", 1024, 64L << 20, 1L << 20, "Largest record batch in bytes, as it is stored."),
    MESSAGE_TIMESTAMP_AFTER_MAX_MS(
            "message.timestamp.after.max.ms",
            0,
            Long.MAX_VALUE,
            60L * 60 * 1000,
            "How far in ms a record's timestamp may lie ahead of the broker's clock."),
    MESSAGE_TIMESTAMP_BEFORE_MAX_MS(
            "message.timestamp.before.max.ms",
            0,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            "How far in ms a record's timestamp may lie behind the broker's clock."),
    MESSAGE_TIMESTAMP_TYPE(
            "message.timestamp.type",
            Type.CHOICE,
            "CreateTime",
            List.of("CreateTime", "LogAppendTime"),
            "Whether a record keeps its own timestamp or gets the time of its append."),
    MIN_CLEANABLE_DIRTY_RATIO(
            "min.cleanable.dirty.ratio",
            Type.SHARE,
            "0.5",
            List.of(),
            0,
            1,
            "Share of a partition's bytes, of those that can be compacted, that were not yet: above it, it is worth"
                    + " the effort."),
    MIN_COMPACTION_LAG_MS(
            "min.compaction.lag.ms",
            0,
            Long.MAX_VALUE,
            0,
            "Time in ms during which a record is sure to stay though a later one has its key."),
    MIN_INSYNC_REPLICAS(
            "min.insync.replicas", 1, 32, 1, "Replicas that must hold a record before acks=all acknowledges it."),
    RETENTION_BYTES(
            "retention.bytes",
            -1,
            Long.MAX_VALUE,
            -1,
            "Bytes a partition keeps; beyond them its oldest segments are deleted. -1 for no limit."),
    RETENTION_MS(
            "retention.ms",
            -1,
            Long.MAX_VALUE,
            7L * 24 * 60 * 60 * 1000,
            "Time in ms that records are kept, by their timestamps; older segments are deleted. -1 for ever."),
    SEGMENT_BYTES("segment.bytes", 1 << 14, 1L << 30, 1L << 30, "Size in bytes at which a new segment is begun."),
    SEGMENT_MS(
            "segment.ms",
            1000,
            Long.MAX_VALUE,
            7L * 24 * 60 * 60 * 1000,
            "Age in ms at which a new segment is begun, even when the old one is not full."),
    SEGMENT_INDEX_BYTES(
            "index.interval.bytes", 64, 1 << 20, 4096, "Bytes of log between two entries of a segment's indexes.");

    /** What values of a config look like. */
    public enum Type {
        LONG,
        CHOICE,
        /** A number from 0 to 1. */
        SHARE
    }

    private final String key;
    private final Type type;
    private final String defaultValue;

    @SuppressWarnings("ImmutableEnumChecker") // always from List.of
    private final List<String> choices;

    private final long least;
    private final long most;
    private final String help;

    TopicConfig(String key, long least, long most, long defaultValue, String help) {
        this(key, Type.LONG, Long.toString(defaultValue), List.of(), least, most, help);
    }

    TopicConfig(String key, Type type, String defaultValue, List<String> choices, String help) {
        this(key, type, defaultValue, choices, 0, 0, help);
    }

    TopicConfig(String key, Type type, String defaultValue, List<String> choices, long least, long most, String help) {
        this.key = key;
        this.type = type;
        this.defaultValue = defaultValue;
        this.choices = choices;
        this.least = least;
        this.most = most;
        this.help = help;
    }

    public String key() {
        return key;
    }

    public Type type() {
        return type;
    }

    /** The value where neither the topic nor the broker says otherwise. */
    public String defaultValue() {
        return defaultValue;
    }

    /** The possible values of a {@link Type#CHOICE}; empty otherwise. */
    public List<String> choices() {
        return choices;
    }

    /** Least value of a {@link Type#LONG} or {@link Type#SHARE}. */
    public long least() {
        return least;
    }

    /** Greatest value of a {@link Type#LONG} or {@link Type#SHARE}. */
    public long most() {
        return most;
    }

    public String help() {
        return help;
    }

    public static Optional<TopicConfig> byKey(String key) {
        return Arrays.stream(values()).filter(config -> config.key.equals(key)).findFirst();
    }

    /**
     * Refuses an unknown config or a value out of bounds.
     *
     * @throws NaruException with {@link ErrorCode#INVALID_CONFIG}
     */
    public static void require(String key, String value) {
        TopicConfig config = byKey(key)
                .orElseThrow(() -> refused(
                        "There is no topic config '" + key + "'. GET /v1/topic-configs lists those there are."));
        switch (config.type) {
            case LONG -> config.requireLong(value);
            case SHARE -> config.requireShare(value);
            case CHOICE -> {
                if (!config.choices.contains(value)) {
                    throw refused("'" + value + "' is no value of " + key + "; it takes one of "
                            + String.join(", ", config.choices) + ".");
                }
            }
        }
    }

    /** The value in force: the topic's own, else the broker's default, else Naru's. */
    public String in(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        @Nullable String own = topicConfigs.get(key);
        return own != null ? own : brokerDefaults.getOrDefault(key, defaultValue);
    }

    /** Like {@link #in}, as the number that validation made sure it is. */
    public long longIn(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return Long.parseLong(in(topicConfigs, brokerDefaults));
    }

    /** Like {@link #in}, as the share that validation made sure it is. */
    public double shareIn(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return Double.parseDouble(in(topicConfigs, brokerDefaults));
    }

    /** All values in force, by key in alphabetical order. */
    public static Map<String, String> effective(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        var all = new TreeMap<String, String>();
        for (TopicConfig config : values()) {
            all.put(config.key, config.in(topicConfigs, brokerDefaults));
        }
        return all;
    }

    private void requireLong(String value) {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw refused("'" + value + "' is no value of " + key + ", which takes a whole number.");
        }
        if (number < least || number > most) {
            throw refused(key + " lies between " + least + " and " + most + "; " + number + " does not.");
        }
    }

    private void requireShare(String value) {
        // No exponents, hexadecimals or NaN: what is a number to Java need not be one to anybody else.
        if (!value.matches("(0(\\.[0-9]{1,15})?|1(\\.0{1,15})?)")) {
            throw refused("'" + value + "' is no value of " + key + ", which takes a number from 0 to 1, such as 0.5.");
        }
    }

    private static NaruException refused(String detail) {
        return new NaruException(ErrorCode.INVALID_CONFIG, detail);
    }
}

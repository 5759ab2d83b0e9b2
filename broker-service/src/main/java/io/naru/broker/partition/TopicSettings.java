package io.naru.broker.partition;

import io.naru.cluster.TopicConfig;
import io.naru.commitlog.CompactionLimits;
import io.naru.commitlog.LogConfig;
import io.naru.commitlog.RetentionLimits;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.Compression;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic's configs in force, parsed once.
 *
 * @param maxBatchBytes largest batch in bytes as stored ({@code max.message.bytes})
 * @param logAppendTime whether the append's time replaces the records' own
 * @param storeAs how the broker compresses the batches it builds ({@code compression.type} and the codecs' levels)
 * @param forceEvery records that may be acknowledged unforced, plus one ({@code flush.messages})
 * @param flushMillis longest wait for a force where {@code forceEvery} asks for none ({@code flush.ms})
 * @param minInSyncReplicas replicas that must hold a record before {@link Acks#ALL} is given
 * @param timestamps how far from the broker's clock records' own timestamps may lie
 * @param retention how much is kept ({@code retention.ms}, {@code retention.bytes})
 * @param compaction when and how far the topic is compacted; null if it is not ({@code cleanup.policy} and what goes with it)
 * @param fileDeleteDelayMillis how long files of deleted records stay ({@code file.delete.delay.ms})
 */
public record TopicSettings(
        int maxBatchBytes,
        boolean logAppendTime,
        Compression storeAs,
        long forceEvery,
        long flushMillis,
        int minInSyncReplicas,
        TimestampBounds timestamps,
        RetentionLimits retention,
        @Nullable CompactionLimits compaction,
        long fileDeleteDelayMillis,
        LogConfig log) {

    /** The settings that follow from a topic's own configs over the broker's defaults, both validated before. */
    public static TopicSettings of(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return new TopicSettings(
                (int) TopicConfig.MAX_MESSAGE_BYTES.longIn(topicConfigs, brokerDefaults),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE
                        .in(topicConfigs, brokerDefaults)
                        .equals("LogAppendTime"),
                compression(topicConfigs, brokerDefaults),
                TopicConfig.FLUSH_MESSAGES.longIn(topicConfigs, brokerDefaults),
                TopicConfig.FLUSH_MS.longIn(topicConfigs, brokerDefaults),
                (int) TopicConfig.MIN_INSYNC_REPLICAS.longIn(topicConfigs, brokerDefaults),
                new TimestampBounds(
                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS.longIn(topicConfigs, brokerDefaults),
                        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS.longIn(topicConfigs, brokerDefaults)),
                deletes(topicConfigs, brokerDefaults)
                        ? new RetentionLimits(
                                TopicConfig.RETENTION_MS.longIn(topicConfigs, brokerDefaults),
                                TopicConfig.RETENTION_BYTES.longIn(topicConfigs, brokerDefaults))
                        : RetentionLimits.NONE,
                compaction(topicConfigs, brokerDefaults),
                TopicConfig.FILE_DELETE_DELAY_MS.longIn(topicConfigs, brokerDefaults),
                new LogConfig(
                        (int) TopicConfig.SEGMENT_BYTES.longIn(topicConfigs, brokerDefaults),
                        segmentMillis(topicConfigs, brokerDefaults),
                        (int) TopicConfig.SEGMENT_INDEX_BYTES.longIn(topicConfigs, brokerDefaults)));
    }

    private static boolean deletes(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return !TopicConfig.CLEANUP_POLICY.in(topicConfigs, brokerDefaults).equals("compact");
    }

    private static boolean compacts(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return TopicConfig.CLEANUP_POLICY.in(topicConfigs, brokerDefaults).contains("compact");
    }

    private static @Nullable CompactionLimits compaction(
            Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return compacts(topicConfigs, brokerDefaults)
                ? new CompactionLimits(
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO.shareIn(topicConfigs, brokerDefaults),
                        TopicConfig.MIN_COMPACTION_LAG_MS.longIn(topicConfigs, brokerDefaults),
                        TopicConfig.MAX_COMPACTION_LAG_MS.longIn(topicConfigs, brokerDefaults),
                        TopicConfig.DELETE_RETENTION_MS.longIn(topicConfigs, brokerDefaults))
                : null;
    }

    /** The active segment is not compacted, so it must not live longer than records may stay as they are. */
    private static long segmentMillis(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        long segmentMillis = TopicConfig.SEGMENT_MS.longIn(topicConfigs, brokerDefaults);
        return compacts(topicConfigs, brokerDefaults)
                ? Math.min(segmentMillis, TopicConfig.MAX_COMPACTION_LAG_MS.longIn(topicConfigs, brokerDefaults))
                : segmentMillis;
    }

    private static Compression compression(Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return switch (TopicConfig.COMPRESSION_TYPE.in(topicConfigs, brokerDefaults)) {
            case "gzip" -> level(Codec.GZIP, TopicConfig.COMPRESSION_GZIP_LEVEL, topicConfigs, brokerDefaults);
            case "lz4" -> level(Codec.LZ4, TopicConfig.COMPRESSION_LZ4_LEVEL, topicConfigs, brokerDefaults);
            case "zstd" -> level(Codec.ZSTD, TopicConfig.COMPRESSION_ZSTD_LEVEL, topicConfigs, brokerDefaults);
            case "snappy" -> Compression.of(Codec.SNAPPY);
            // 'producer' and 'uncompressed'; and a value that only a newer coordinator knows shall not stop a
            // partition.
            default -> Compression.NONE;
        };
    }

    private static Compression level(
            Codec codec, TopicConfig level, Map<String, String> topicConfigs, Map<String, String> brokerDefaults) {
        return new Compression(codec, (int) level.longIn(topicConfigs, brokerDefaults));
    }

    /** What is wrong with the timestamp that a record brings, in epoch ms; null if nothing is, or if it is replaced. */
    public @Nullable String flawOfTimestamp(long timestamp, long nowMillis) {
        return logAppendTime ? null : timestamps.flawOf(timestamp, nowMillis);
    }

    /** Whether the topic is compacted, so that a record without a key could neither be found nor ever go. */
    public boolean requiresKeys() {
        return compaction != null;
    }

    /** Whether an acknowledgement waits for the disk: the default, and the only mode that survives power loss alone. */
    public boolean forcesBeforeAcknowledging() {
        return forceEvery == 1;
    }
}

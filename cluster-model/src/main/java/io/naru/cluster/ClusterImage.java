package io.naru.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster at one version: an immutable value that any thread may keep. The version counts the applied
 * entries of the coordinators' log; equal versions of one cluster are equal images.
 */
public final class ClusterImage {
    /** The image before the first record. */
    public static final ClusterImage EMPTY = new ClusterImage(null, 0, new TreeMap<>(), new TreeMap<>(), Map.of());

    private final @Nullable UUID clusterId;
    private final long version;
    private final SortedMap<Integer, BrokerImage> brokers;
    private final SortedMap<String, TopicImage> topics;
    private final Map<TopicId, String> names;

    ClusterImage(
            @Nullable UUID clusterId,
            long version,
            SortedMap<Integer, BrokerImage> brokers,
            SortedMap<String, TopicImage> topics,
            Map<TopicId, String> names) {
        this.clusterId = clusterId;
        this.version = version;
        this.brokers = Collections.unmodifiableSortedMap(brokers);
        this.topics = Collections.unmodifiableSortedMap(topics);
        this.names = names;
    }

    /** The cluster's id; null only in {@link #EMPTY}. */
    public @Nullable UUID clusterId() {
        return clusterId;
    }

    /** The name of each topic's id; for the builder, which shares it between images while no topic comes or goes. */
    Map<TopicId, String> names() {
        return names;
    }

    public long version() {
        return version;
    }

    /** By broker id. */
    public SortedMap<Integer, BrokerImage> brokers() {
        return brokers;
    }

    /** By name. */
    public SortedMap<String, TopicImage> topics() {
        return topics;
    }

    public @Nullable BrokerImage broker(int id) {
        return brokers.get(id);
    }

    public @Nullable TopicImage topic(String name) {
        return topics.get(name);
    }

    public @Nullable TopicImage topic(TopicId id) {
        String name = names.get(id);
        return name == null ? null : topics.get(name);
    }

    public @Nullable PartitionImage partition(TopicPartition partition) {
        TopicImage topic = topic(partition.topicId());
        return topic == null ? null : topic.partition(partition.partition());
    }

    /** This image with the records applied, at version {@code toVersion}. */
    public ClusterImage apply(List<MetadataRecord> records, long toVersion) {
        var builder = new ClusterImageBuilder(this);
        records.forEach(builder::apply);
        return builder.build(toVersion);
    }

    /** Records that rebuild this image from {@link #EMPTY}; the body of a snapshot. */
    public List<MetadataRecord> toRecords() {
        var records = new ArrayList<MetadataRecord>();
        if (clusterId != null) {
            records.add(new MetadataRecord.ClusterCreated(clusterId));
        }
        for (BrokerImage broker : brokers.values()) {
            records.add(new MetadataRecord.BrokerRegistered(
                    broker.id(),
                    broker.incarnation(),
                    broker.epoch(),
                    broker.directoryId(),
                    broker.url(),
                    broker.rack()));
            if (!broker.fenced()) {
                records.add(new MetadataRecord.BrokerUnfenced(broker.id(), broker.epoch()));
            }
        }
        for (TopicImage topic : topics.values()) {
            records.add(new MetadataRecord.TopicCreated(topic.id(), topic.name(), topic.configs()));
            for (PartitionImage partition : topic.partitions()) {
                records.add(new MetadataRecord.PartitionCreated(
                        topic.id(),
                        partition.partition(),
                        partition.replicas(),
                        partition.isr(),
                        partition.leader(),
                        partition.leaderEpoch()));
                if (partition.partitionEpoch() > 0) {
                    records.add(new MetadataRecord.PartitionChanged(
                            topic.id(),
                            partition.partition(),
                            partition.isr(),
                            partition.leader(),
                            partition.leaderEpoch(),
                            partition.partitionEpoch(),
                            partition.awaited()));
                }
            }
        }
        return records;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClusterImage that
                && version == that.version
                && java.util.Objects.equals(clusterId, that.clusterId)
                && brokers.equals(that.brokers)
                && topics.equals(that.topics);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(version);
    }

    @Override
    public String toString() {
        return "ClusterImage[version=%d, brokers=%d, topics=%d]".formatted(version, brokers.size(), topics.size());
    }
}

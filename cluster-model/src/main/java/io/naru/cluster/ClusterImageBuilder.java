package io.naru.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Applies records to a copy of an image; copies each map only when a record touches it. Records about something that
 * is not there are passed over: a delete may stand before them in the same log. Confined to one thread.
 */
final class ClusterImageBuilder {
    private final ClusterImage base;
    private @Nullable UUID clusterId;
    private @Nullable SortedMap<Integer, BrokerImage> brokers;
    private @Nullable SortedMap<String, TopicImage> topics;
    private @Nullable Map<TopicId, String> names;

    ClusterImageBuilder(ClusterImage base) {
        this.base = base;
        this.clusterId = base.clusterId();
    }

    void apply(MetadataRecord metadataRecord) {
        switch (metadataRecord) {
            case MetadataRecord.ClusterCreated r -> clusterId = r.clusterId();
            case MetadataRecord.BrokerRegistered r ->
                brokers()
                        .put(
                                r.brokerId(),
                                new BrokerImage(
                                        r.brokerId(),
                                        r.incarnation(),
                                        r.brokerEpoch(),
                                        r.directoryId(),
                                        r.url(),
                                        r.rack(),
                                        true));
            case MetadataRecord.BrokerFenced r -> fence(r.brokerId(), r.brokerEpoch(), true);
            case MetadataRecord.BrokerUnfenced r -> fence(r.brokerId(), r.brokerEpoch(), false);
            case MetadataRecord.TopicCreated r -> {
                TopicImage replaced = topics().get(r.name());
                if (replaced != null) {
                    names().remove(replaced.id());
                }
                names().put(r.topicId(), r.name());
                topics().put(r.name(), new TopicImage(r.topicId(), r.name(), r.configs(), java.util.List.of()));
            }
            case MetadataRecord.TopicConfigChanged r -> {
                TopicImage topic = topic(r.topicId());
                if (topic != null) {
                    topics().put(topic.name(), topic.withConfig(r.key(), r.value()));
                }
            }
            case MetadataRecord.TopicDeleted r -> {
                TopicImage topic = topic(r.topicId());
                if (topic != null) {
                    topics().remove(topic.name());
                    names().remove(topic.id());
                }
            }
            case MetadataRecord.PartitionCreated r -> {
                TopicImage topic = topic(r.topicId());
                if (topic != null) {
                    topics().put(
                                    topic.name(),
                                    topic.withPartition(new PartitionImage(
                                            r.partition(), r.replicas(), r.isr(), r.leader(), r.leaderEpoch(), 0)));
                }
            }
            case MetadataRecord.PartitionChanged r -> change(r);
        }
    }

    ClusterImage build(long version) {
        return new ClusterImage(
                clusterId,
                version,
                brokers == null ? base.brokers() : brokers,
                topics == null ? base.topics() : topics,
                names == null ? base.names() : names);
    }

    private void change(MetadataRecord.PartitionChanged r) {
        TopicImage topic = topic(r.topicId());
        PartitionImage old = topic == null ? null : topic.partition(r.partition());
        if (topic != null && old != null) {
            topics().put(
                            topic.name(),
                            topic.withPartition(new PartitionImage(
                                    r.partition(),
                                    old.replicas(),
                                    r.isr(),
                                    r.leader(),
                                    r.leaderEpoch(),
                                    r.partitionEpoch(),
                                    r.awaited())));
        }
    }

    private void fence(int brokerId, long epoch, boolean fenced) {
        BrokerImage broker = brokers().get(brokerId);
        if (broker != null && broker.epoch() == epoch) {
            brokers().put(brokerId, broker.withFenced(fenced));
        }
    }

    private @Nullable TopicImage topic(TopicId id) {
        String name = (names == null ? base.names() : names).get(id);
        return name == null ? null : (topics == null ? base.topics() : topics).get(name);
    }

    private SortedMap<Integer, BrokerImage> brokers() {
        if (brokers == null) {
            brokers = new TreeMap<>(base.brokers());
        }
        return brokers;
    }

    private Map<TopicId, String> names() {
        if (names == null) {
            names = new HashMap<>(base.names());
        }
        return names;
    }

    private SortedMap<String, TopicImage> topics() {
        if (topics == null) {
            topics = new TreeMap<>(base.topics());
        }
        return topics;
    }
}

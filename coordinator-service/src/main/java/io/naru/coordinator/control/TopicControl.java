package io.naru.coordinator.control;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicConfig;
import io.naru.cluster.TopicId;
import io.naru.cluster.TopicImage;
import io.naru.cluster.protocol.TopicCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Making, changing and ending topics. */
final class TopicControl {
    private TopicControl() {}

    static Result<TopicId> create(ClusterImage state, DecisionContext context, TopicCommand.Create wish) {
        TopicRules.requireFreeName(state, wish.name());
        wish.configs().forEach(TopicConfig::require);
        int partitions = Objects.requireNonNullElse(wish.partitions(), 1);
        TopicRules.requirePartitions(state, context.limits(), wish.name(), 0, partitions);
        TopicRules.requireRoomForTopic(state, context.limits());
        var placement = new Placement(state);
        int replicationFactor =
                TopicRules.replicationFactor(wish.replicationFactor(), placement.brokers(), context.limits());
        TopicRules.requireMinInsyncWithin(wish.configs(), replicationFactor);

        var id = new TopicId(context.ids().get());
        var records = new ArrayList<MetadataRecord>(partitions + 1);
        records.add(new MetadataRecord.TopicCreated(id, wish.name(), wish.configs()));
        addPartitions(records, placement, id, 0, partitions, replicationFactor);
        return new Result<>(records, id);
    }

    static Result<TopicId> alter(ClusterImage state, DecisionContext context, String name, TopicCommand.Alter wish) {
        TopicImage topic = require(state, name, wish.revision());
        var records = new ArrayList<MetadataRecord>();
        if (wish.configs() != null) {
            addConfigChanges(records, topic, wish.configs());
        }
        if (wish.partitions() != null && wish.partitions() != topic.partitions().size()) {
            int have = topic.partitions().size();
            TopicRules.requirePartitions(state, context.limits(), name, have, wish.partitions());
            var placement = new Placement(state);
            TopicRules.requireBrokersFor(topic.replicationFactor(), placement.brokers());
            addPartitions(records, placement, topic.id(), have, wish.partitions(), topic.replicationFactor());
        }
        return new Result<>(records, topic.id());
    }

    static Result<TopicId> delete(ClusterImage state, String name, TopicCommand.Delete wish) {
        TopicImage topic = require(state, name, wish.revision());
        return new Result<>(List.of(new MetadataRecord.TopicDeleted(topic.id())), topic.id());
    }

    private static TopicImage require(ClusterImage state, String name, @Nullable String revision) {
        TopicImage topic = state.topic(name);
        if (topic == null) {
            throw new NaruException(
                    ErrorCode.TOPIC_NOT_FOUND, "There is no topic '" + TopicRules.quotable(name) + "'.");
        }
        if (revision != null && !revision.equals(topic.revision())) {
            throw new NaruException(
                    ErrorCode.PRECONDITION_FAILED,
                    "Topic '" + name
                            + "' has changed since the revision this request was made for. Read it again, then decide.",
                    Map.of("revision", topic.revision()));
        }
        return topic;
    }

    private static void addConfigChanges(
            List<MetadataRecord> records, TopicImage topic, Map<String, @Nullable String> wished) {
        var after = new TreeMap<>(topic.configs());
        // In the order of keys, so that one wish always gives one list of records.
        new TreeMap<>(wished).forEach((key, value) -> {
            if (value == null) {
                TopicRules.requireConfigKey(key);
                after.remove(key);
            } else {
                TopicConfig.require(key, value);
                after.put(key, value);
            }
            if (!Objects.equals(value, topic.configs().get(key))) {
                records.add(new MetadataRecord.TopicConfigChanged(topic.id(), key, value));
            }
        });
        TopicRules.requireMinInsyncWithin(after, topic.replicationFactor());
    }

    private static void addPartitions(
            List<MetadataRecord> records, Placement placement, TopicId id, int from, int to, int replicationFactor) {
        for (int number = from; number < to; number++) {
            List<Integer> replicas = placement.next(replicationFactor);
            records.add(new MetadataRecord.PartitionCreated(id, number, replicas, replicas, replicas.getFirst(), 0));
        }
    }
}

package io.naru.cluster;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One fact about the cluster, decided by the coordinators' leader and applied everywhere in the same order. Records
 * are facts, not commands: applying one never fails and never decides anything.
 */
public sealed interface MetadataRecord {
    /** The leader of a partition that has none. */
    int NO_LEADER = -1;

    /** The first record of every cluster. */
    record ClusterCreated(UUID clusterId) implements MetadataRecord {}

    /**
     * A broker process took its id. It starts fenced.
     *
     * @param incarnation drawn anew at each start of the process
     * @param brokerEpoch grows with every registration of any broker; older epochs of the same id are refused
     * @param directoryId identity of its data directory; an emptied disk comes back with another one
     * @param url where clients and other brokers reach it
     */
    record BrokerRegistered(
            int brokerId,
            UUID incarnation,
            long brokerEpoch,
            UUID directoryId,
            String url,
            @Nullable String rack) implements MetadataRecord {}

    /** The broker's session ended; it leads nothing until it is unfenced. */
    record BrokerFenced(int brokerId, long brokerEpoch) implements MetadataRecord {}

    /** The broker has replayed metadata past its registration and may lead. */
    record BrokerUnfenced(int brokerId, long brokerEpoch) implements MetadataRecord {}

    /** A topic exists; its partitions follow as {@link PartitionCreated}. */
    record TopicCreated(TopicId topicId, String name, Map<String, String> configs) implements MetadataRecord {
        public TopicCreated {
            configs = Map.copyOf(configs);
        }
    }

    /** One config of a topic was set, or with a null value put back to its default. */
    record TopicConfigChanged(
            TopicId topicId, String key, @Nullable String value) implements MetadataRecord {}

    /** The topic and all its partitions are gone. */
    record TopicDeleted(TopicId topicId) implements MetadataRecord {}

    /** A partition exists, with its first replicas and, where one was to be had, its first leader. */
    record PartitionCreated(
            TopicId topicId, int partition, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch)
            implements MetadataRecord {
        public PartitionCreated {
            replicas = List.copyOf(replicas);
            isr = List.copyOf(isr);
        }
    }

    /**
     * Leadership or the in-sync replicas of a partition changed.
     *
     * @param leaderEpoch grows whenever leadership may have moved
     * @param partitionEpoch grows with every change of the partition
     * @param awaited the last in-sync replica, where it lost its directory; see {@link PartitionImage#awaited}
     */
    record PartitionChanged(
            TopicId topicId,
            int partition,
            List<Integer> isr,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            @Nullable ReplicaDirectory awaited)
            implements MetadataRecord {
        public PartitionChanged {
            isr = List.copyOf(isr);
        }

        /** A change after which no directory is awaited. */
        public PartitionChanged(
                TopicId topicId, int partition, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {
            this(topicId, partition, isr, leader, leaderEpoch, partitionEpoch, null);
        }
    }
}

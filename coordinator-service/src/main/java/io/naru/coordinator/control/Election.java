package io.naru.coordinator.control;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Who leads. Two rules, applied to every partition after any change of brokers:
 *
 * <ol>
 *   <li>a fenced broker leaves the in-sync replicas, unless all of them are fenced: then they stay as they are, being
 *       the last that are known to hold everything;
 *   <li>a leader that is no unfenced in-sync replica gives way to the first replica, in order of preference, that is;
 *       if there is none, the partition has no leader until one comes back.
 * </ol>
 *
 * The leader epoch grows whenever leadership may have moved, the partition epoch with every change.
 */
final class Election {
    private Election() {}

    /** The changes that put all partitions in order; none when they are. */
    static List<MetadataRecord> settle(ClusterImage image) {
        return settle(image, Set.of());
    }

    /**
     * Like {@link #settle(ClusterImage)}, after brokers came back without the data they had.
     *
     * @param emptied brokers that no longer hold what they were in sync with; they leave every ISR, even as the last
     *     member, because electing them would lose acknowledged records in silence
     */
    static List<MetadataRecord> settle(ClusterImage image, Set<Integer> emptied) {
        var changes = new ArrayList<MetadataRecord>();
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                List<Integer> isr = inSync(image, partition, emptied);
                int leader = leader(image, partition, isr);
                boolean moved = leader != partition.leader();
                if (moved || !isr.equals(partition.isr())) {
                    changes.add(new MetadataRecord.PartitionChanged(
                            topic.id(),
                            partition.partition(),
                            isr,
                            leader,
                            partition.leaderEpoch() + (moved ? 1 : 0),
                            partition.partitionEpoch() + 1));
                }
            }
        }
        return changes;
    }

    private static List<Integer> inSync(ClusterImage image, PartitionImage partition, Set<Integer> emptied) {
        List<Integer> holding =
                partition.isr().stream().filter(id -> !emptied.contains(id)).toList();
        List<Integer> alive =
                holding.stream().filter(id -> isUnfenced(image, id)).toList();
        return alive.isEmpty() ? holding : alive;
    }

    private static int leader(ClusterImage image, PartitionImage partition, List<Integer> isr) {
        if (isr.contains(partition.leader()) && isUnfenced(image, partition.leader())) {
            return partition.leader();
        }
        return partition.replicas().stream()
                .filter(id -> isr.contains(id) && isUnfenced(image, id))
                .findFirst()
                .orElse(MetadataRecord.NO_LEADER);
    }

    private static boolean isUnfenced(ClusterImage image, int brokerId) {
        BrokerImage broker = image.broker(brokerId);
        return broker != null && !broker.fenced();
    }
}

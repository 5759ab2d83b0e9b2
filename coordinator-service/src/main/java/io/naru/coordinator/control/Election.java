package io.naru.coordinator.control;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ReplicaDirectory;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who leads. Three rules, applied to every partition after any change of brokers:
 *
 * <ol>
 *   <li>a replica is in sync with one data directory. Its broker coming back with another, it leaves the in-sync
 *       replicas, even as the last; that last one is remembered, and is in sync again once its directory is back;
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

    /** Who is in sync, and where nobody is, the last that was. */
    private record InSync(List<Integer> isr, @Nullable ReplicaDirectory awaited) {}

    /** The changes that put all partitions in order; none when they are. */
    static List<MetadataRecord> settle(ClusterImage image) {
        return settle(image, null);
    }

    /**
     * Like {@link #settle(ClusterImage)}, after a broker came with another data directory.
     *
     * @param replaced the directory it had. What it was in sync with lies there: to elect it now would lose acknowledged
     *     records in silence
     */
    static List<MetadataRecord> settle(ClusterImage image, @Nullable ReplicaDirectory replaced) {
        var changes = new ArrayList<MetadataRecord>();
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                InSync now = inSync(image, partition, replaced);
                int leader = leader(image, partition, now.isr());
                boolean moved = leader != partition.leader();
                boolean same = now.isr().equals(partition.isr()) && Objects.equals(now.awaited(), partition.awaited());
                if (moved || !same) {
                    changes.add(new MetadataRecord.PartitionChanged(
                            topic.id(),
                            partition.partition(),
                            now.isr(),
                            leader,
                            partition.leaderEpoch() + (moved ? 1 : 0),
                            partition.partitionEpoch() + 1,
                            now.awaited()));
                }
            }
        }
        return changes;
    }

    private static InSync inSync(ClusterImage image, PartitionImage partition, @Nullable ReplicaDirectory replaced) {
        if (partition.isr().isEmpty()) {
            ReplicaDirectory awaited = partition.awaited();
            BrokerImage broker = awaited == null ? null : image.broker(awaited.brokerId());
            if (broker != null && awaited != null && broker.directoryId().equals(awaited.directoryId())) {
                return new InSync(List.of(broker.id()), null);
            }
            return new InSync(List.of(), awaited);
        }
        List<Integer> holding = partition.isr().stream()
                .filter(id -> replaced == null || id != replaced.brokerId())
                .toList();
        if (holding.isEmpty()) {
            return new InSync(holding, replaced);
        }
        List<Integer> alive =
                holding.stream().filter(id -> isUnfenced(image, id)).toList();
        return new InSync(alive.isEmpty() ? holding : alive, null);
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

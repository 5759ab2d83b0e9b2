package io.naru.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who holds and leads a partition.
 *
 * @param replicas broker ids in order of preference
 * @param isr the replicas that count toward the high watermark
 * @param leader a broker id, or {@link MetadataRecord#NO_LEADER}
 * @param awaited where no replica is in sync: the last that was, whose broker came back with another data directory; it
 *     alone holds everything, and may lead once its directory is back
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> isr,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        @Nullable ReplicaDirectory awaited) {
    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    /** A partition that awaits no directory. */
    public PartitionImage(
            int partition, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {
        this(partition, replicas, isr, leader, leaderEpoch, partitionEpoch, null);
    }

    public boolean hasLeader() {
        return leader != MetadataRecord.NO_LEADER;
    }
}

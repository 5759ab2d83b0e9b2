package io.naru.cluster;

import java.util.List;

/**
 * Who holds and leads a partition.
 *
 * @param replicas broker ids in order of preference
 * @param isr the replicas that count toward the high watermark
 * @param leader a broker id, or {@link MetadataRecord#NO_LEADER}
 */
public record PartitionImage(
        int partition, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {
    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    public boolean hasLeader() {
        return leader != MetadataRecord.NO_LEADER;
    }
}

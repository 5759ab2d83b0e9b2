package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import java.util.List;

/**
 * Hears what happens in the quorum, from its own threads: quickly, and never blocking. Applied entries are told in the
 * order of versions.
 */
public interface QuorumListener {
    /** This coordinator leads from now on, and has applied everything earlier leaders committed. */
    default void leading(long term, ClusterImage image) {}

    /** This coordinator does not lead, or no longer. May be told more than once. */
    default void notLeading() {}

    /** Records took effect and made {@code image}. */
    default void applied(List<MetadataRecord> records, ClusterImage image) {}

    /** The image was replaced by that of a snapshot; versions between are not told. */
    default void restored(ClusterImage image) {}
}

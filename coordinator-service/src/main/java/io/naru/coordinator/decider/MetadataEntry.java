package io.naru.coordinator.decider;

import io.naru.cluster.MetadataRecord;
import java.util.List;

/**
 * One entry of the metadata log. It takes effect only on the image it was decided for; on any other it is passed over,
 * the same on every replica, and its commands are decided again.
 *
 * @param expectedVersion version of the image the records were decided for; applied, they make the next version
 */
public record MetadataEntry(long expectedVersion, List<MetadataRecord> records) {
    public MetadataEntry {
        records = List.copyOf(records);
    }
}

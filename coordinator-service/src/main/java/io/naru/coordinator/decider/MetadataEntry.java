package io.naru.coordinator.decider;

import io.naru.cluster.MetadataRecord;
import java.util.List;

/**
 * One entry of the metadata log. It takes effect only on the very basis it was decided on; on any other it is passed
 * over, the same on every replica, and its commands are decided again.
 *
 * @param expectedVersion version of the image the records were decided for; applied, they make the next version
 * @param expectedLineage lineage of that image, see {@link Basis}
 */
public record MetadataEntry(long expectedVersion, long expectedLineage, List<MetadataRecord> records) {
    public MetadataEntry {
        records = List.copyOf(records);
    }

    /** An entry decided on that basis. */
    public static MetadataEntry on(Basis basis, List<MetadataRecord> records) {
        return new MetadataEntry(basis.image().version(), basis.lineage(), records);
    }
}

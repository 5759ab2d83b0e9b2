package io.naru.cluster;

import java.util.List;

/**
 * A stretch of the metadata feed: applied to an image at {@code fromVersion} it gives the image at {@code toVersion}.
 * A snapshot starts from {@link ClusterImage#EMPTY} whatever the reader had; an empty delta (no news within the wait)
 * has {@code toVersion == fromVersion}.
 */
public record MetadataDelta(boolean snapshot, long fromVersion, long toVersion, List<MetadataRecord> records) {
    public MetadataDelta {
        records = List.copyOf(records);
    }

    /** The whole of an image. */
    public static MetadataDelta snapshotOf(ClusterImage image) {
        return new MetadataDelta(true, 0, image.version(), image.toRecords());
    }

    /**
     * The image after this delta.
     *
     * @throws IllegalStateException if this is no snapshot and the image is not at {@code fromVersion}
     */
    public ClusterImage applyTo(ClusterImage image) {
        if (snapshot) {
            return ClusterImage.EMPTY.apply(records, toVersion);
        }
        if (image.version() != fromVersion) {
            throw new IllegalStateException(
                    "A delta from version " + fromVersion + " does not fit an image at " + image.version());
        }
        return toVersion == fromVersion ? image : image.apply(records, toVersion);
    }
}

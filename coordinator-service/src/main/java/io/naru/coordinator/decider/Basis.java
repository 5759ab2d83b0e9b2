package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataCodec;
import io.naru.cluster.MetadataRecord;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * What a decision rests on: an image, and the history that made it. A version alone would not do: entries that were
 * decided ahead of what is applied may meet, under the very version they expect, an image that other entries made.
 *
 * @param lineage a checksum over all entries so far, one chained to the other; equal lineages are equal histories
 */
public record Basis(ClusterImage image, long lineage) {
    /** Before the first entry. */
    public static final Basis EMPTY = new Basis(ClusterImage.EMPTY, 0);

    /** What there is once an entry with these records has taken effect. */
    public Basis after(List<MetadataRecord> records) {
        return new Basis(image.apply(records, image.version() + 1), chained(lineage, records));
    }

    /** Whether an entry was decided on this. */
    public boolean fits(MetadataEntry entry) {
        return entry.expectedVersion() == image.version() && entry.expectedLineage() == lineage;
    }

    /** Two checksums of 32 bits beside each other, each over the old lineage and the records' bytes. */
    private static long chained(long lineage, List<MetadataRecord> records) {
        var high = new CRC32();
        var low = new CRC32C();
        try (var out = new DataOutputStream(
                new CheckedOutputStream(new CheckedOutputStream(OutputStream.nullOutputStream(), low), high))) {
            out.writeLong(lineage);
            MetadataCodec.write(out, records);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to nowhere cannot fail", e);
        }
        return high.getValue() << Integer.SIZE | low.getValue();
    }
}

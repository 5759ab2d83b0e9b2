package io.naru.coordinator.decider;

import io.naru.cluster.MetadataCodec;
import io.naru.cluster.MetadataRecord;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers decided records into entries of bounded size. Small decisions share an entry; one that is larger than an
 * entry is cut between records, each of which leaves a valid image behind. Confined to one thread, used for one round.
 */
final class EntrySplitter {
    /** Bytes of records in one entry. */
    static final int MAX_BYTES = 256 << 10;

    private final List<List<MetadataRecord>> full = new ArrayList<>();
    private List<MetadataRecord> current = new ArrayList<>();
    private int bytes;

    boolean isEmpty() {
        return full.isEmpty() && current.isEmpty();
    }

    /** Whether more than one entry is needed already, so that nothing should be added. */
    boolean isFull() {
        return !full.isEmpty();
    }

    boolean fits(List<MetadataRecord> records) {
        return bytes + sizeOf(records) <= MAX_BYTES;
    }

    void add(List<MetadataRecord> records) {
        for (MetadataRecord item : records) {
            int size = sizeOf(List.of(item));
            if (bytes + size > MAX_BYTES && !current.isEmpty()) {
                full.add(current);
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(item);
            bytes += size;
        }
    }

    /** The records of each entry, in order; empty when nothing was added. */
    List<List<MetadataRecord>> entries() {
        var all = new ArrayList<>(full);
        if (!current.isEmpty()) {
            all.add(current);
        }
        return all;
    }

    static int sizeOf(List<MetadataRecord> records) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            MetadataCodec.write(out, records);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.size();
    }
}

package io.naru.coordinator.quorum;

import io.naru.cluster.MetadataCodec;
import io.naru.coordinator.decider.MetadataEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The bytes of an entry in the Raft log.
 *
 * <pre>
 * entry := magic "NMEN" | format u8 (1) | expectedVersion i64 | expectedLineage i64 | records
 * </pre>
 *
 * All numbers are big-endian; records are as {@link MetadataCodec} writes them. Ratis keeps a checksum of its own over each entry.
 */
final class EntryCodec {
    private static final int MAGIC = 0x4E4D454E;
    private static final int FORMAT = 1;

    private EntryCodec() {}

    static byte[] encode(MetadataEntry entry) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeByte(FORMAT);
            out.writeLong(entry.expectedVersion());
            out.writeLong(entry.expectedLineage());
            MetadataCodec.write(out, entry.records());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads an entry back.
     *
     * @throws UnreadableMetadataException if the bytes are no entry, or one of a newer version
     */
    static MetadataEntry decode(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MAGIC) {
                throw new IOException("no metadata entry");
            }
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IOException("format " + format + " was written by a newer version");
            }
            return new MetadataEntry(in.readLong(), in.readLong(), MetadataCodec.read(in));
        } catch (IOException | IllegalArgumentException e) {
            throw new UnreadableMetadataException("An entry of the metadata log is unreadable: " + e.getMessage(), e);
        }
    }
}

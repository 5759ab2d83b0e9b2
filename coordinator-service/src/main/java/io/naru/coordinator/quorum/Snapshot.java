package io.naru.coordinator.quorum;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataCodec;
import io.naru.coordinator.decider.Basis;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The image after one entry of the Raft log, as a file's bytes.
 *
 * <pre>
 * snapshot := magic "NMSN" | format u8 (1) | version i64 | lineage i64 | term i64 | index i64 | records | crc u32
 * </pre>
 *
 * All numbers are big-endian; the records rebuild the image from nothing (see {@link MetadataCodec}); the CRC-32C
 * covers everything before it.
 *
 * @param term of the last entry applied
 * @param index of the last entry applied
 */
record Snapshot(Basis basis, long term, long index) {
    private static final int MAGIC = 0x4E4D534E;
    private static final int FORMAT = 1;

    byte[] encode() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeByte(FORMAT);
            out.writeLong(basis.image().version());
            out.writeLong(basis.lineage());
            out.writeLong(term);
            out.writeLong(index);
            MetadataCodec.write(out, basis.image().toRecords());
            out.writeInt(crc(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a snapshot back.
     *
     * @throws IOException if the bytes are torn, damaged, or of a newer version
     */
    static Snapshot decode(byte[] bytes) throws IOException {
        int body = bytes.length - Integer.BYTES;
        if (body < 0 || ByteBuffer.wrap(bytes).getInt(body) != crc(bytes, body)) {
            throw new IOException("its checksum does not match: it is torn or damaged");
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes, 0, body))) {
            if (in.readInt() != MAGIC) {
                throw new IOException("it is no metadata snapshot");
            }
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IOException("its format " + format + " was written by a newer version");
            }
            long version = in.readLong();
            long lineage = in.readLong();
            long term = in.readLong();
            long index = in.readLong();
            ClusterImage image = ClusterImage.EMPTY.apply(MetadataCodec.read(in), version);
            return new Snapshot(new Basis(image, lineage), term, index);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}

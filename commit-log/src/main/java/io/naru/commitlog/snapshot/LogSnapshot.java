package io.naru.commitlog.snapshot;

import io.naru.commitlog.epoch.EpochHistory;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.producer.ProducerState;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the batches of a log told up to some offset, read from a file:
 *
 * <pre>
 *   0        4         6          8          16              20
 *   | "NRSN" | version | sections | offset   | last batch's  | sections ... | CRC-32C of all before |
 *   | (4 B)  | i16 = 1 | i16 = 3  | (i64)    | position (i32)|              | it (u32)              |
 *
 * section:  kind (i32) | entries (i32) | bytes of the entries (i32) | entries ...
 * kind 1, leader epochs: see {@link EpochHistory#writeTo}
 * kind 2, producers: see {@link ProducerState#writeProducersTo}
 * kind 3, reserved identities: see {@link ProducerState#writeKeysTo}
 * </pre>
 *
 * @param offset of the first record it tells nothing of
 * @param lastPosition of the last batch it tells of, in its segment as that was then; {@link #NOWHERE} if unknown
 */
public record LogSnapshot(long offset, int lastPosition, EpochHistory epochs, ProducerState producers) {
    /** Stands for a position that nobody knows. */
    public static final int NOWHERE = -1;

    private static final int MAGIC = 0x4E52534E;
    private static final short VERSION = 1;
    private static final short SECTIONS = 3;
    private static final int HEADER_BYTES = 20;
    private static final int SECTION_HEADER_BYTES = 12;
    private static final int CRC_BYTES = 4;

    private static final int EPOCHS = 1;
    private static final int PRODUCERS = 2;
    private static final int KEYS = 3;

    /** Bytes of a snapshot that says this. */
    public static int sizeInBytes(EpochHistory epochs, ProducerState producers) {
        return HEADER_BYTES
                + SECTIONS * SECTION_HEADER_BYTES
                + epochs.count() * EpochHistory.ENTRY_BYTES
                + producers.producerBytes()
                + producers.keyBytes()
                + CRC_BYTES;
    }

    /** A snapshot of the present state, to be written to a file, whatever becomes of the state meanwhile. */
    public static EncodedSnapshot encode(long offset, int lastPosition, EpochHistory epochs, ProducerState producers) {
        ByteBuffer bytes = ByteBuffer.allocate(sizeInBytes(epochs, producers));
        bytes.putInt(MAGIC).putShort(VERSION).putShort(SECTIONS).putLong(offset).putInt(lastPosition);
        bytes.putInt(EPOCHS).putInt(epochs.count()).putInt(epochs.count() * EpochHistory.ENTRY_BYTES);
        epochs.writeTo(bytes);
        bytes.putInt(PRODUCERS).putInt(producers.producerCount()).putInt(producers.producerBytes());
        producers.writeProducersTo(bytes);
        bytes.putInt(KEYS).putInt(producers.keyCount()).putInt(producers.keyBytes());
        producers.writeKeysTo(bytes);
        bytes.putInt(crc(bytes.duplicate().flip()));
        return new EncodedSnapshot(offset, bytes.flip());
    }

    static LogSnapshot decode(ByteBuffer bytes, ProducerLimits limits) throws DamagedSnapshotException {
        if (bytes.remaining() < HEADER_BYTES + CRC_BYTES) {
            throw new DamagedSnapshotException("it ends after " + bytes.remaining() + " bytes");
        }
        int end = bytes.limit() - CRC_BYTES;
        if (bytes.getInt(end) != crc(bytes.duplicate().limit(end))) {
            throw new DamagedSnapshotException("its CRC-32C is not that of its bytes");
        }
        bytes.limit(end);
        if (bytes.getInt() != MAGIC || bytes.getShort() != VERSION || bytes.getShort() != SECTIONS) {
            throw new DamagedSnapshotException("it is no snapshot of version " + VERSION);
        }
        try {
            return decodeSections(bytes.getLong(), bytes.getInt(), bytes, limits);
        } catch (RuntimeException e) {
            // Its bytes are what was written, so this is another program's, or an error of ours: it costs a scan.
            throw new DamagedSnapshotException("its entries cannot be: " + e.getMessage());
        }
    }

    private static LogSnapshot decodeSections(long offset, int lastPosition, ByteBuffer bytes, ProducerLimits limits)
            throws DamagedSnapshotException {
        ProducerState producers = new ProducerState(limits);
        int count = count(bytes, EPOCHS);
        ByteBuffer entries = entries(bytes);
        if (entries.remaining() / EpochHistory.ENTRY_BYTES != count) {
            throw new DamagedSnapshotException(count + " epochs do not take " + entries.remaining() + " bytes");
        }
        EpochHistory epochs = EpochHistory.readFrom(entries, count);
        count = count(bytes, PRODUCERS);
        producers.readProducersFrom(entries(bytes), count);
        count = count(bytes, KEYS);
        producers.readKeysFrom(entries(bytes), count);
        return new LogSnapshot(offset, lastPosition, epochs, producers);
    }

    private static int count(ByteBuffer bytes, int kind) throws DamagedSnapshotException {
        int found = bytes.getInt();
        if (found != kind) {
            throw new DamagedSnapshotException(
                    "a section of kind " + found + " stands where one of " + kind + " should");
        }
        return bytes.getInt();
    }

    private static ByteBuffer entries(ByteBuffer bytes) {
        int length = bytes.getInt();
        ByteBuffer entries = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return entries;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

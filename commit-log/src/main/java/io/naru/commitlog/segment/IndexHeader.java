package io.naru.commitlog.segment;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bytes of an index file. That of the offset index is the segment's <em>seal</em>: it is written only after
 * the segment's first {@code logBytes} bytes have been forced, so a sound one proves that they are on the disk, and
 * recovery begins behind them.
 *
 * <pre>
 *   0         4         6        8             16            24            32
 *   | "NRIX"  | version | kind   | base offset | next offset | log bytes   | max timestamp
 *   | (4 B)   | i16 = 1 | (i16)  | (i64)       | (i64)       | (i64)       | (i64)
 *   40                48            52              56               60                64
 *   | first append ms | entry count | entries' CRC  | index interval | header's CRC of | entries ...
 *   | (i64, -1 none)  | (i32)       | -32C (u32)    | bytes (i32)    | bytes 0..59 u32 |
 *
 * kind 1, offsets: each entry  relative offset (i32) | position (i32)
 * kind 2, times:   each entry  largest timestamp before (i64) | relative offset (i32)
 * </pre>
 *
 * @param baseOffset of the segment
 * @param nextOffset offset behind its last record
 * @param logBytes bytes of the segment that the index covers and that are forced
 * @param maxTimestamp of all its records, {@link Long#MIN_VALUE} if there are none
 * @param firstAppendMillis when the first batch was appended on the log's clock, -1 if unknown
 * @param entryCount entries behind the header
 * @param entriesCrc CRC-32C of the entries
 * @param indexIntervalBytes bytes between entries, for building the index again alike
 */
record IndexHeader(
        Kind kind,
        long baseOffset,
        long nextOffset,
        long logBytes,
        long maxTimestamp,
        long firstAppendMillis,
        int entryCount,
        int entriesCrc,
        int indexIntervalBytes) {
    static final int BYTES = 64;

    private static final int MAGIC = 0x4E524958;
    private static final short VERSION = 1;
    private static final int CRC_AT = 60;

    /** Which of a segment's two indexes a file holds. */
    enum Kind {
        OFFSETS(1, 8, SegmentFiles.INDEX),
        TIMES(2, 12, SegmentFiles.TIME_INDEX);

        private final short id;
        private final int entryBytes;
        private final String suffix;

        Kind(int id, int entryBytes, String suffix) {
            this.id = (short) id;
            this.entryBytes = entryBytes;
            this.suffix = suffix;
        }

        int entryBytes() {
            return entryBytes;
        }

        String suffix() {
            return suffix;
        }
    }

    /** Bytes of the whole file. */
    long fileBytes() {
        return BYTES + (long) entryCount * kind.entryBytes();
    }

    /** Whether both were written for the same state of the same segment. */
    boolean describesSame(IndexHeader other) {
        return baseOffset == other.baseOffset
                && nextOffset == other.nextOffset
                && logBytes == other.logBytes
                && entryCount == other.entryCount;
    }

    void write(ByteBuffer to) {
        int start = to.position();
        to.putInt(MAGIC).putShort(VERSION).putShort(kind.id);
        to.putLong(baseOffset).putLong(nextOffset).putLong(logBytes).putLong(maxTimestamp);
        to.putLong(firstAppendMillis).putInt(entryCount).putInt(entriesCrc).putInt(indexIntervalBytes);
        to.putInt(crc(to.duplicate().limit(start + CRC_AT).position(start)));
    }

    /** The header in these bytes; null if it is damaged, of another kind or version, or for another segment. */
    static @Nullable IndexHeader read(ByteBuffer from, Kind kind, long baseOffset) {
        if (from.remaining() < BYTES) {
            return null;
        }
        int start = from.position();
        if (from.getInt(start + CRC_AT) != crc(from.duplicate().limit(start + CRC_AT))
                || from.getInt() != MAGIC
                || from.getShort() != VERSION
                || from.getShort() != kind.id) {
            return null;
        }
        IndexHeader header = new IndexHeader(
                kind,
                from.getLong(),
                from.getLong(),
                from.getLong(),
                from.getLong(),
                from.getLong(),
                from.getInt(),
                from.getInt(),
                from.getInt());
        return header.baseOffset == baseOffset && header.entryCount >= 0 ? header : null;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

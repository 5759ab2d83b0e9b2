package io.naru.commitlog;

import io.naru.commitlog.segment.RecoveryPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The bytes of the file {@code naru-recovery-points}.
 *
 * <pre>
 *   0        4         6          8         12
 *   | "NRRP" | version | reserved | entry   | entries ... | CRC-32C of all
 *   | (4 B)  | i16 = 1 | i16 = 0  | count   |             | before (u32)
 *
 * each entry, by name:
 *   | name's | name    | base offset | position | next offset | max timestamp | first append ms
 *   | length | (UTF-8) | (i64)       | (i32)    | (i64)       | (i64)         | (i64, -1 none)
 *   | (u16)  |         |             |          |             |               |
 * </pre>
 */
final class RecoveryPointsFormat {
    /** Bounds what a damaged or foreign file can make us read: a million logs with long names fit. */
    static final int MAX_BYTES = 256 << 20;

    private static final int MAGIC = 0x4E525250;
    private static final short VERSION = 1;
    private static final int FRAME_BYTES = 16;
    private static final int ENTRY_BYTES = 38;

    private RecoveryPointsFormat() {}

    /** The bytes are not those that were written. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }

    static ByteBuffer write(Map<String, RecoveryPoint> points) {
        int size = FRAME_BYTES;
        // In order, so that equal content gives equal bytes.
        Map<String, RecoveryPoint> sorted = new TreeMap<>(points);
        for (String name : sorted.keySet()) {
            size += ENTRY_BYTES + name.getBytes(StandardCharsets.UTF_8).length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        bytes.putInt(MAGIC).putShort(VERSION).putShort((short) 0).putInt(sorted.size());
        sorted.forEach((name, point) -> {
            byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
            bytes.putShort((short) encoded.length).put(encoded);
            bytes.putLong(point.baseOffset()).putInt(point.position()).putLong(point.nextOffset());
            bytes.putLong(point.maxTimestamp()).putLong(point.firstAppendMillis());
        });
        bytes.putInt(crc(bytes.duplicate().flip()));
        return bytes.flip();
    }

    static Map<String, RecoveryPoint> read(ByteBuffer bytes) throws DamagedException {
        int body = bytes.remaining() - Integer.BYTES;
        if (body < FRAME_BYTES - Integer.BYTES
                || bytes.getInt(body) != crc(bytes.duplicate().limit(body))) {
            throw new DamagedException("is damaged");
        }
        if (bytes.getInt() != MAGIC || bytes.getShort() != VERSION) {
            throw new DamagedException("was written by a newer build, or is none of ours");
        }
        bytes.getShort();
        int count = bytes.getInt();
        Map<String, RecoveryPoint> points = new HashMap<>();
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[Short.toUnsignedInt(bytes.getShort())];
            bytes.get(name);
            points.put(
                    new String(name, StandardCharsets.UTF_8),
                    new RecoveryPoint(
                            bytes.getLong(), bytes.getInt(), bytes.getLong(), bytes.getLong(), bytes.getLong()));
        }
        return points;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

package io.naru.commitlog;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small file in a log's folder that says what no batch can say, in lines of text. It is written aside, forced, renamed,
 * and the folder forced: after a crash it holds the old lines or the new ones.
 *
 * <pre>
 * version=1
 * ... the lines ...
 * crc32c=1a2b3c4d        of all bytes before this line
 * </pre>
 */
final class Checkpoint {
    /** Bounds what a damaged or foreign file can make us read. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String VERSION = "version=1";
    private static final String CRC = "crc32c=";

    private Checkpoint() {}

    /** A checkpoint cannot be believed. The message names the file and says what is wrong with it. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }

    /**
     * The lines of a checkpoint; null if there is none.
     *
     * @throws DamagedException if its bytes are not those that were written, or a newer build wrote it
     */
    static @Nullable List<String> read(SegmentFolder folder, String name) throws IOException {
        try (DiskFile file = folder.openIfThere(name)) {
            if (file == null) {
                return null;
            }
            if (file.size() > MAX_BYTES) {
                throw new DamagedException(file + " has " + file.size() + " bytes, which no checkpoint has");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return lines(file, bytes.array(), bytes.position());
        }
    }

    /** Replaces the lines of a checkpoint; on return they are on the disk to stay. */
    static void write(SegmentFolder folder, String name, List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder(VERSION).append('\n');
        lines.forEach(line -> text.append(line).append('\n'));
        byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        text.append(CRC).append(crc(body, body.length)).append('\n');
        folder.replace(name, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
        folder.force();
    }

    private static List<String> lines(DiskFile file, byte[] bytes, int length) throws DamagedException {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        int crcAt = text.lastIndexOf("\n" + CRC) + 1;
        byte[] body = text.substring(0, crcAt).getBytes(StandardCharsets.UTF_8);
        if (!text.substring(crcAt).equals(CRC + crc(body, body.length) + "\n")) {
            throw new DamagedException(file + " is damaged: its checksum is not that of its " + length + " bytes");
        }
        List<String> all = text.lines().toList();
        if (!all.getFirst().equals(VERSION)) {
            throw new DamagedException(file + " was written by a newer build, or is none of ours: it begins with '"
                    + all.getFirst() + "', and this build reads '" + VERSION + "'");
        }
        return all.subList(1, all.size() - 1);
    }

    private static String crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

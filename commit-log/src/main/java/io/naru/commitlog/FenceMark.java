package io.naru.commitlog;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code fenced} in a log's folder: a force failed in this log, so what the page cache shows may not be on the
 * disk. Kept across restarts, until an operator accepts.
 */
final class FenceMark {
    private static final System.Logger LOG = System.getLogger(FenceMark.class.getName());
    private static final String NAME = "fenced";
    private static final int MAX_BYTES = 4096;

    private FenceMark() {}

    /** Writes the mark if the failing disk lets us. */
    static void leave(SegmentFolder folder, long forcedEndOffset, IOException cause) {
        String text = "Records from offset " + forcedEndOffset + " on may be lost: " + cause + "\n";
        try {
            folder.writeAnew(NAME, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            folder.force();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The failed force of " + folder.path() + " could not be noted on the disk either; a restart will"
                            + " not know of it",
                    e);
        }
    }

    /** What the mark says; null if there is none. */
    static @Nullable String read(SegmentFolder folder) throws IOException {
        try (DiskFile file = folder.openIfThere(NAME)) {
            if (file == null) {
                return null;
            }
            ByteBuffer text = ByteBuffer.allocate((int) Math.min(file.size(), MAX_BYTES));
            file.read(text, 0);
            return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        }
    }

    static void remove(SegmentFolder folder) throws IOException {
        folder.delete(NAME);
        folder.force();
    }
}

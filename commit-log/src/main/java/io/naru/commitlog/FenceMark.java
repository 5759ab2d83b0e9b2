package io.naru.commitlog;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code fenced} in a log's folder: the disk failed under this log, so what the page cache shows may not be on
 * it. Kept across restarts, until an operator accepts.
 */
final class FenceMark {
    private static final System.Logger LOG = System.getLogger(FenceMark.class.getName());
    private static final String NAME = "fenced";
    private static final int MAX_BYTES = 4096;

    private FenceMark() {}

    /**
     * Writes the mark if the failing disk lets us. One that is there stays, since it speaks of the first failure.
     *
     * @param what happened, in a few words
     */
    static void leave(SegmentFolder folder, long forcedEndOffset, String what, IOException cause) {
        String text = "Records from offset " + forcedEndOffset + " on may be lost: " + what + ": " + cause + "\n";
        try {
            if (folder.disk().kind(folder.path().resolve(NAME)) == Disk.Kind.MISSING) {
                folder.writeAnew(NAME, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
            folder.force();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "That the disk failed under " + folder.path() + " could not be noted on it either; a restart will"
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

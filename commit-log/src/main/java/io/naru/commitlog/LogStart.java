package io.naru.commitlog;

import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code log-start} in a log's folder: where the log starts. Written before anything below that goes, so that
 * a segment that lies below it is explained, whatever a crash has left of it. Missing while nothing was ever deleted.
 */
final class LogStart {
    private static final String NAME = "log-start";
    private static final String KEY = "log.start.offset=";

    private LogStart() {}

    /**
     * The start offset; 0 where none was noted.
     *
     * @throws Checkpoint.DamagedException if it was, and cannot be believed
     */
    static long read(SegmentFolder folder) throws IOException {
        try {
            return parse(folder, Checkpoint.read(folder, NAME));
        } catch (Checkpoint.DamagedException e) {
            folder.damages().report(folder.path().resolve(NAME), 0, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private static long parse(SegmentFolder folder, @Nullable List<String> lines) throws Checkpoint.DamagedException {
        if (lines == null) {
            return 0;
        }
        try {
            if (lines.size() == 1 && lines.getFirst().startsWith(KEY)) {
                long offset = Long.parseLong(lines.getFirst().substring(KEY.length()));
                if (offset >= 0) {
                    return offset;
                }
            }
        } catch (NumberFormatException _) {
            // Told below.
        }
        throw new Checkpoint.DamagedException(folder.path().resolve(NAME) + " says " + lines + ", which is no offset");
    }

    /** Lets the log start where it does, whatever a damaged note says; for a log that starts at 0 there is none. */
    static void accept(SegmentFolder folder, long offset) throws IOException {
        if (offset > 0) {
            write(folder, offset);
        } else {
            folder.delete(NAME);
            folder.force();
        }
    }

    /** Notes the start offset; on return it is on the disk to stay. */
    static void write(SegmentFolder folder, long offset) throws IOException {
        Checkpoint.write(folder, NAME, List.of(KEY + offset));
    }
}

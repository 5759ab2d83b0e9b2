package io.naru.commitlog;

import io.naru.commitlog.segment.DamagedBatchesException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The log's bytes are not what they have to be. */
public final class LogDamagedException extends LogException {
    private static final long serialVersionUID = 1;

    private final @Nullable DamagedBatchesException place;

    LogDamagedException(String message) {
        super(message);
        place = null;
    }

    LogDamagedException(String message, DamagedBatchesException place) {
        super(message, place);
        this.place = place;
    }

    /** The damaged file; null if it is more than one place. */
    public @Nullable Path file() {
        return place == null ? null : place.file();
    }

    /** Where in the file the damage begins; -1 if it is more than one place. */
    public long position() {
        return place == null ? -1 : place.position();
    }

    /** The offset of the first sound batch behind the damage, or the log's end; -1 if it is not known. */
    public long nextOffset() {
        return place == null ? -1 : place.nextOffset();
    }
}

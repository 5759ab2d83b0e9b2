package io.naru.commitlog.segment;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where batches should be there are none, or none that can be believed. The message names file and position, what is
 * wrong there, and from which offset on there are sound ones again.
 */
public final class DamagedBatchesException extends IOException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final int position;
    private final long nextOffset;
    private final String flaw;

    DamagedBatchesException(Path file, int position, long offset, long nextOffset, String flaw) {
        super("The batch at position " + position + " of " + file + ", where offset " + offset
                + " should be, is damaged: " + flaw + ". The next sound one begins at offset " + nextOffset);
        this.file = file.toString();
        this.position = position;
        this.nextOffset = nextOffset;
        this.flaw = flaw;
    }

    /** The damaged file. */
    public Path file() {
        return Path.of(file);
    }

    /** Where in the file the damage begins. */
    public int position() {
        return position;
    }

    /** The first offset behind the damage that a sound batch holds, or the end of the segment. */
    public long nextOffset() {
        return nextOffset;
    }

    /** What is wrong. */
    public String flaw() {
        return flaw;
    }
}

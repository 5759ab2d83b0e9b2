package io.naru.commitlog.compaction;

import java.io.IOException;

/** A compaction was asked to end before it was done. The log is in order; what was not done can be done another time. */
public final class CompactionStoppedException extends IOException {
    private static final long serialVersionUID = 1;

    /** Nobody is at fault. */
    public CompactionStoppedException() {
        super("The compaction was asked to end");
    }
}

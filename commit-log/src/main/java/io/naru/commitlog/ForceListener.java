package io.naru.commitlog;

import java.io.IOException;

/**
 * Told the outcome of a {@link GroupCommit} round, once per request, on a thread of the round: it must only hand over,
 * since the next round waits for it.
 */
public interface ForceListener {
    /** Everything in {@code log} below {@code forcedEndOffset} is on the disk to stay. */
    void forced(CommitLog log, long forcedEndOffset);

    /** The force failed: the log is fenced for good, and what was not forced before has an unknown fate. */
    void failed(CommitLog log, IOException cause);
}

package io.naru.commitlog;

import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;

/** The state of one log, what it forbids, and how it changes. Thread-safe; nothing follows {@link LogState.Closed}. */
final class StateGuard {
    private static final System.Logger LOG = System.getLogger(StateGuard.class.getName());

    private final SegmentFolder folder;
    private final String name;
    private volatile LogState state;

    /** Begins writable, or damaged where {@code damage} is not empty. */
    StateGuard(SegmentFolder folder, String name, String damage) {
        this.folder = folder;
        this.name = name;
        this.state = damage.isEmpty() ? new LogState.Writable() : new LogState.Damaged(damage);
    }

    LogState state() {
        return state;
    }

    boolean isWritable() {
        return state instanceof LogState.Writable;
    }

    boolean isClosed() {
        return state instanceof LogState.Closed;
    }

    void checkWritable() throws LogException {
        switch (state) {
            case LogState.Writable _ -> {}
            case LogState.Fenced(IOException cause) -> throw fenced(cause);
            case LogState.Damaged(String reason) ->
                throw new LogDamagedException("Log " + name + " takes no writes: " + reason);
            case LogState.Closed _ -> throw closed();
        }
    }

    void checkForceable() throws LogException {
        switch (state) {
            case LogState.Writable _, LogState.Damaged _ -> {}
            case LogState.Fenced(IOException cause) -> throw fenced(cause);
            case LogState.Closed _ -> throw closed();
        }
    }

    /**
     * Fences the log for good, and notes on the disk, if it lets us, from where on records may be lost.
     *
     * @param what happened, in a few words
     */
    synchronized LogException fence(String what, IOException cause, long forcedEndOffset) {
        if (isClosed()) {
            return closed();
        }
        state = new LogState.Fenced(cause);
        LOG.log(System.Logger.Level.ERROR, "Log " + name + " takes no more writes: " + what, cause);
        FenceMark.leave(folder, forcedEndOffset, what, cause);
        return fenced(cause);
    }

    /** An operator has accepted the damage. */
    synchronized void accept() {
        if (state instanceof LogState.Damaged) {
            state = new LogState.Writable();
        }
    }

    synchronized void close() {
        state = new LogState.Closed();
    }

    LogClosedException closed() {
        return new LogClosedException("Log " + name + " was closed or deleted");
    }

    private LogFencedException fenced(IOException cause) {
        return new LogFencedException("Log " + name + " takes no more writes, since its disk failed: " + cause, cause);
    }
}

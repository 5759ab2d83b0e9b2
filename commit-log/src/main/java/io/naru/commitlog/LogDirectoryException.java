package io.naru.commitlog;

import java.io.IOException;

/** A data directory that cannot be used; the message says why and what to do. */
public final class LogDirectoryException extends IOException {
    private static final long serialVersionUID = 1;

    /** Why it cannot be used. */
    public enum Reason {
        /** Another process, or another part of this one, has it open. */
        LOCKED,
        /** It was written by a newer version of the format. */
        NEWER_FORMAT,
        /** Files cannot be made in it. */
        NOT_WRITABLE,
        /** It holds something a log directory does not: a link, a damaged format file, another folder's data. */
        NOT_A_LOG_DIRECTORY,
        /** What may only be in one place is in two. */
        FOUND_TWICE,
        /** Another directory would be needed that is not here. */
        MISSING
    }

    private final Reason reason;

    LogDirectoryException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    LogDirectoryException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why the directory cannot be used. */
    public Reason reason() {
        return reason;
    }
}

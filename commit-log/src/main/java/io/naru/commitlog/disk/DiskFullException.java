package io.naru.commitlog.disk;

import java.io.IOException;

/** There was no room on the disk, or no quota left, for what was to be written. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1;

    /** With what could not be written. */
    public DiskFullException(String message) {
        super(message);
    }

    /** With what could not be written, and how the system put it. */
    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}

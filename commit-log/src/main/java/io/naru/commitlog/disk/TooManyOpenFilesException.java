package io.naru.commitlog.disk;

import java.io.IOException;

/**
 * The system lets this process open no more files. Nothing was done, and nothing is known to be wrong with the disk: the
 * same may succeed a moment later.
 */
public final class TooManyOpenFilesException extends IOException {
    private static final long serialVersionUID = 1;

    /** With what could not be opened, and how the system put it. */
    public TooManyOpenFilesException(String message, Throwable cause) {
        super(message, cause);
    }
}

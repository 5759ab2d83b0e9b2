package io.naru.commitlog;

/**
 * A slice was held for longer than the log keeps the files of records that it no longer holds in that place: they were
 * deleted, or compacted. Reading the log at the slice's offset again tells which.
 */
public final class StaleSliceException extends LogException {
    private static final long serialVersionUID = 1;

    StaleSliceException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.naru.commitlog;

/** The log was closed or deleted meanwhile. */
public final class LogClosedException extends LogException {
    private static final long serialVersionUID = 1;

    LogClosedException(String message) {
        super(message);
    }
}

package io.naru.commitlog;

/** The disk failed in a way that leaves unknown what is on it; the log takes no more appends, but can be read. */
public final class LogFencedException extends LogException {
    private static final long serialVersionUID = 1;

    LogFencedException(String message) {
        super(message);
    }

    LogFencedException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.naru.commitlog;

/** The log's bytes are not what they have to be. */
public final class LogDamagedException extends LogException {
    private static final long serialVersionUID = 1;

    LogDamagedException(String message) {
        super(message);
    }
}

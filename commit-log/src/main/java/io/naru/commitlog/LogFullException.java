package io.naru.commitlog;

/** The disk had no room. Nothing was appended, and appending works again once there is room. */
public final class LogFullException extends LogException {
    private static final long serialVersionUID = 1;

    LogFullException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.naru.commitlog;

/** The disk had no room, or less than is to be kept free. Nothing was appended, and appending works again once there is room. */
public final class LogFullException extends LogException {
    private static final long serialVersionUID = 1;

    LogFullException(String message) {
        super(message);
    }

    LogFullException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.naru.coordinator.quorum;

/** The data directory cannot be used; the message says why and what to do, in one line. */
public final class DirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DirectoryException(String message) {
        super(message, null, false, false);
    }
}

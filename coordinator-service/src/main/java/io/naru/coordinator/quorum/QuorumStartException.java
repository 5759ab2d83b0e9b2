package io.naru.coordinator.quorum;

/** The quorum could not be joined; the message says why and what to do, in one line. */
public final class QuorumStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QuorumStartException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.naru.coordinator;

/** A coordinator could not start; the message says in one line why and what to do. */
public final class CoordinatorStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CoordinatorStartException(String message, Throwable cause) {
        super(message, cause);
    }
}

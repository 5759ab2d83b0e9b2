package io.naru.standalone;

import java.util.Objects;

/** Naru could not start. The message is one line for a person: what is in the way, and what to do about it. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The line for a person. */
    public String line() {
        return Objects.requireNonNull(getMessage(), "both constructors take a message");
    }
}

package io.naru.coordinator.config;

/** A property has a value that makes no sense; the message names the property and what it takes. */
final class InvalidPropertyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidPropertyException(String message) {
        super(message, null, false, false);
    }

    /** Refuses a value that is not in a range. */
    static void requireWithin(String property, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidPropertyException(
                    property + " lies between " + least + " and " + most + "; " + value + " does not.");
        }
    }
}

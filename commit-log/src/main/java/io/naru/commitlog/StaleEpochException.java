package io.naru.commitlog;

/** Somebody appends as a leader of an epoch that is over: the log holds records of a later one. Nothing was appended. */
public final class StaleEpochException extends LogException {
    private static final long serialVersionUID = 1;

    StaleEpochException(String message) {
        super(message);
    }
}

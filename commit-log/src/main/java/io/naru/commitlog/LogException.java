package io.naru.commitlog;

import java.io.IOException;

/** A log that cannot do what it was asked; each kind says whether it may again later. */
public sealed class LogException extends IOException
        permits LogFullException,
                LogFencedException,
                LogDamagedException,
                LogClosedException,
                StaleEpochException,
                StaleSliceException,
                BatchRefusedException {
    private static final long serialVersionUID = 1;

    LogException(String message) {
        super(message);
    }

    LogException(String message, Throwable cause) {
        super(message, cause);
    }
}

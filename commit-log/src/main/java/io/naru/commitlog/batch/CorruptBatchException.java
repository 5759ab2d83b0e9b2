package io.naru.commitlog.batch;

/**
 * Bytes that claim to be a record batch and are not a well-formed one, or one that this build must refuse. The message
 * names what is wrong with them.
 */
public final class CorruptBatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what is wrong, written for whoever sent the bytes. */
    public CorruptBatchException(String message) {
        super(message);
    }
}

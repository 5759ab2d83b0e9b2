package io.naru.commitlog;

import io.naru.commitlog.producer.Verdict;

/** A batch may not be appended for its producer's sake. Nothing was appended. */
public final class BatchRefusedException extends LogException {
    private static final long serialVersionUID = 1;

    private final transient Verdict.Refusal reason;

    BatchRefusedException(String message, Verdict.Refusal reason) {
        super(message);
        this.reason = reason;
    }

    /** Why, and whether it ever may. */
    public Verdict.Refusal reason() {
        return reason;
    }
}

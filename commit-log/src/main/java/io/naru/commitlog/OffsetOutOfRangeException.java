package io.naru.commitlog;

/** An offset below the log's start or above its end was asked for. */
public final class OffsetOutOfRangeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long offset;
    private final long logStartOffset;
    private final long logEndOffset;

    OffsetOutOfRangeException(long offset, long logStartOffset, long logEndOffset) {
        // Ordinary at the edges of a log, so it comes without the cost of a stack trace.
        super(
                "Offset " + offset + " is not in the log, which goes from " + logStartOffset + " to " + logEndOffset,
                null,
                false,
                false);
        this.offset = offset;
        this.logStartOffset = logStartOffset;
        this.logEndOffset = logEndOffset;
    }

    /** What was asked for. */
    public long offset() {
        return offset;
    }

    /** First offset there is. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** Offset after the last. */
    public long logEndOffset() {
        return logEndOffset;
    }
}

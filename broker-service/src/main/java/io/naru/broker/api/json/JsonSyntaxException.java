package io.naru.broker.api.json;

/** A text that is no JSON as RFC 8259 has it. Carries no stack trace: whoever sent the text is at fault. */
public final class JsonSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int offset;

    JsonSyntaxException(int offset, String problem) {
        super(problem, null, false, false);
        this.offset = offset;
    }

    /** Bytes from the start of the text to where it went wrong. */
    public int offset() {
        return offset;
    }

    /** What is wrong and where, for the caller. */
    public String detail() {
        return getMessage() + " at byte " + offset;
    }
}

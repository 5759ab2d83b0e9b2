package io.naru.broker.api.v1.read;

/** Bytes of the log that one request may still look through. Confined to one thread at a time. */
final class ScanBudget {
    /** Most bytes of the log that one request looks through, however few records it is to find. */
    static final long BYTES = 16L << 20;

    private long left = BYTES;

    void spend(int bytes) {
        left -= bytes;
    }

    boolean isSpent() {
        return left <= 0;
    }
}

package io.naru.systemtests.durability;

/**
 * Tells clients when it makes sense to try again: a moment after a failure while the server is up, and otherwise once it
 * is up again. Thread-safe.
 */
final class Uptime {
    /** Between two attempts at a server that is up but refused the last one, as it may while a busy machine stalls it. */
    private static final long PAUSE_MILLIS = 200;

    private boolean up = true;
    private boolean over;

    synchronized boolean isOver() {
        return over;
    }

    /** The server is about to end; nobody connects to it until {@link #begin}. */
    synchronized void end() {
        up = false;
    }

    /** The server is up again. */
    synchronized void begin() {
        up = true;
        notifyAll();
    }

    /** There is nothing more to do. */
    synchronized void finish() {
        over = true;
        notifyAll();
    }

    /** After an attempt has failed, waits until another makes sense, true, or it is all over, false. */
    synchronized boolean awaitNextAttempt() throws InterruptedException {
        if (up && !over) {
            wait(PAUSE_MILLIS);
        }
        while (!up && !over) {
            wait();
        }
        return !over;
    }
}

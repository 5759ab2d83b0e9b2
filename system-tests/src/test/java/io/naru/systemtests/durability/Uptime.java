package io.naru.systemtests.durability;

/**
 * Tells clients when it makes sense to try again: a generation begins with each start of the server. A client whose
 * connection broke waits for the generation after the one it began in. Thread-safe.
 */
final class Uptime {
    private long generation;
    private boolean over;

    synchronized long generation() {
        return generation;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** The server is up again. */
    synchronized void next() {
        generation++;
        notifyAll();
    }

    /** There is nothing more to do. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    /** Returns once a generation after this one has begun, true, or it is all over, false. */
    synchronized boolean awaitAfter(long past) throws InterruptedException {
        while (generation <= past && !over) {
            wait();
        }
        return !over;
    }
}

package io.naru.benchmarks.load;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that tells when requests are due, without taking a core from the server: it sleeps between them and is late
 * by the timer's slack, about 60 µs on Linux, which counts as latency like any other lateness.
 */
final class Pacer implements AutoCloseable {

    /** Is told, on the pacer's thread. */
    @FunctionalInterface
    interface Listener {
        /** So many requests are due by now. */
        void due(long count) throws IOException;
    }

    private final Recording recording;
    private final Arrivals.Paced arrivals;
    private final Listener listener;
    private final Thread thread;
    private volatile @Nullable Exception failure;
    private volatile boolean finished;

    private Pacer(Recording recording, Arrivals.Paced arrivals, Listener listener) {
        this.recording = recording;
        this.arrivals = arrivals;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("load-pacer").daemon().unstarted(this::pace);
    }

    static Pacer start(Recording recording, Arrivals.Paced arrivals, Listener listener) {
        Pacer pacer = new Pacer(recording, arrivals, listener);
        pacer.thread.start();
        return pacer;
    }

    /**
     * Whether every request has been told of.
     *
     * @throws IOException if the listener failed; nothing was told after that
     */
    boolean finished() throws IOException {
        Exception e = failure;
        if (e != null) {
            throw new IOException("the load could not be sent: " + e.getMessage(), e);
        }
        return finished;
    }

    private void pace() {
        try {
            for (long number = 0; recording.dueAt(arrivals, number) < recording.end(); number++) {
                if (!sleepUntil(recording.dueAt(arrivals, number))) {
                    return;
                }
                listener.due(number + 1);
            }
            finished = true;
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /** Returns false when the thread was interrupted. */
    private static boolean sleepUntil(long nanos) {
        while (!Thread.currentThread().isInterrupted()) {
            long left = nanos - System.nanoTime();
            if (left <= 0) {
                return true;
            }
            LockSupport.parkNanos(left);
        }
        return false;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

package io.naru.broker.runtime;

import java.util.concurrent.Executor;

/**
 * Runs what it is given one after the other, in the order it was given, on one thread at a time. What is confined to a
 * loop needs no lock. Tasks must be short and must not wait for one another.
 */
public interface Loop extends Executor {
    /**
     * Hands a task over; returns at once. Thread-safe.
     *
     * @throws java.util.concurrent.RejectedExecutionException after the loop was closed
     */
    @Override
    void execute(Runnable task);

    /** Whether the caller is on this loop's thread. */
    boolean isCurrent();
}

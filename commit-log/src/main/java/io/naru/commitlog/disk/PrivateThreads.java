package io.naru.commitlog.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Threads that nobody interrupts, since nobody else knows them. An interrupt closes the file that its thread works on, for
 * all threads; and an error that a force would have reported may be lost with it.
 */
public final class PrivateThreads {
    private static final ScopedValue<Boolean> PRIVATE = ScopedValue.newInstance();

    private PrivateThreads() {}

    /** What must not be broken off. */
    public interface Work {
        void run() throws IOException;
    }

    /** Whether no interrupt reaches the calling thread. */
    static boolean isCurrent() {
        return PRIVATE.isBound();
    }

    /** Starts a task on a virtual thread of its own, which the task must not give away. */
    public static void start(String name, Runnable task) {
        Thread.ofVirtual().name(name).start(shielded(task));
    }

    /** The task for a new thread that the caller keeps to itself. */
    public static Runnable shielded(Runnable task) {
        return () -> ScopedValue.where(PRIVATE, true).run(task);
    }

    /**
     * Does a piece of work where no interrupt reaches it: here, if this thread is private, else on one that is. The caller
     * waits for it however it is interrupted meanwhile, and is interrupted afterwards.
     */
    public static void run(Work work) throws IOException {
        if (isCurrent()) {
            work.run();
            return;
        }
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().name("force").start(shielded(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        }));
        join(thread);
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new UncheckedIOException(new IOException(e));
        }
    }

    /** Does a piece of work on this thread, of which the caller knows that nobody interrupts it. */
    public static void runHere(Work work) throws IOException {
        ScopedValue.where(PRIVATE, true).call(() -> {
            work.run();
            return PRIVATE;
        });
    }

    /** Waits for a thread to end, however this one is interrupted meanwhile. */
    public static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.naru.commitlog.batch;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps a few native contexts for whoever compresses next: they are slow to make and large, and callers come and go on
 * virtual threads. What comes back and finds no place is released at once. Thread-safe.
 */
final class ContextPool<T> {
    private final ArrayBlockingQueue<T> kept =
            new ArrayBlockingQueue<>(Math.max(2, Runtime.getRuntime().availableProcessors()));
    private final Supplier<T> maker;
    private final Consumer<T> releaser;

    ContextPool(Supplier<T> maker, Consumer<T> releaser) {
        this.maker = maker;
        this.releaser = releaser;
    }

    /** A context for one thread, until it {@linkplain #give gives} it back or {@linkplain #release releases} it. */
    T take() {
        T context = kept.poll();
        return context != null ? context : maker.get();
    }

    /** Takes back a context that is ready for the next. */
    void give(T context) {
        if (!kept.offer(context)) {
            releaser.accept(context);
        }
    }

    /** Frees a context that nobody else shall have. */
    void release(T context) {
        releaser.accept(context);
    }
}

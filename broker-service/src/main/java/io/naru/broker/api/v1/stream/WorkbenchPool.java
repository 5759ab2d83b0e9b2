package io.naru.broker.api.v1.stream;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a few workbenches for the next stream that needs one, so that an event that wakes a thousand streams does not
 * allocate a thousand benches. Thread-safe; never blocks.
 */
final class WorkbenchPool {
    private final int maxIdle;
    private final int maxBytesKept;
    private final ConcurrentLinkedQueue<Workbench> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private final AtomicInteger keptCount = new AtomicInteger();

    /**
     * A pool.
     *
     * @param maxIdle most benches kept here, and most that streams may keep while their clients ask for nothing
     * @param maxBytesKept a bench whose text or slice has grown beyond this many bytes is not kept
     */
    WorkbenchPool(int maxIdle, int maxBytesKept) {
        this.maxIdle = maxIdle;
        this.maxBytesKept = maxBytesKept;
    }

    Workbench take() {
        Workbench bench = idle.poll();
        if (bench == null) {
            return new Workbench();
        }
        idleCount.decrementAndGet();
        return bench;
    }

    /**
     * Whether a stream may keep its bench until its client asks for more, which is mostly soon. A few may; were it all,
     * clients that never ask would fill the memory. If so, {@link #keepsNoMore} has to follow.
     */
    boolean mayKeep() {
        if (keptCount.incrementAndGet() <= maxIdle) {
            return true;
        }
        keptCount.decrementAndGet();
        return false;
    }

    void keepsNoMore() {
        keptCount.decrementAndGet();
    }

    /** Takes back a bench; a spoiled one, or one too many, is left to the garbage collector. */
    void giveBack(Workbench bench) {
        bench.sink().truncate(0);
        bench.scan().close(maxBytesKept);
        if (bench.isSpoiled() || bench.sink().capacity() > maxBytesKept) {
            return;
        }
        if (idleCount.incrementAndGet() > maxIdle) {
            idleCount.decrementAndGet();
            return;
        }
        idle.add(bench);
    }
}

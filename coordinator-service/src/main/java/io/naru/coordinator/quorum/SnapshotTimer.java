package io.naru.coordinator.quorum;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks for a snapshot every so often, on every voter: where little is written, the number of entries alone would never
 * call for one. Has a thread of its own, which only asks; thread-safe.
 */
final class SnapshotTimer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SnapshotTimer.class.getName());

    private final Supplier<CompletableFuture<Void>> snapshot;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("metadata-snapshots").factory());

    /** @param snapshot takes one; a failure is logged, and the log simply stays longer */
    SnapshotTimer(Supplier<CompletableFuture<Void>> snapshot) {
        this.snapshot = snapshot;
    }

    /** Begins, once. */
    void start(Duration interval) {
        long every = interval.toMillis();
        var _ = timer.scheduleWithFixedDelay(this::ring, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void ring() {
        var _ = snapshot.get().whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.WARNING, "The timed metadata snapshot failed; the log is kept", failure);
            }
        });
    }
}

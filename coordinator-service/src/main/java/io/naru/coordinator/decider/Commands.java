package io.naru.coordinator.decider;

import io.naru.coordinator.control.Command;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Where commands are handed in. Thread-safe. */
public interface Commands {
    /** Whether this coordinator leads and takes commands. */
    boolean isLeading();

    /**
     * Hands in a command without waiting. The future fails with a {@link io.naru.cluster.NaruException}: the decision's
     * own refusal; {@code COORDINATOR_UNAVAILABLE} when surely nothing was applied; {@code UNCONFIRMED} when that is
     * unknown. It completes on a thread that must not be blocked.
     */
    <R> CompletableFuture<Committed<R>> submit(Command<R> command);

    /**
     * Hands in a command and waits for its answer; for virtual threads. Fails like {@link #submit}, and with
     * {@code COORDINATOR_UNAVAILABLE} or {@code TIMED_OUT} after {@code limit}, depending on whether it had already
     * been handed to the quorum.
     */
    <R> Committed<R> execute(Command<R> command, Duration limit);
}

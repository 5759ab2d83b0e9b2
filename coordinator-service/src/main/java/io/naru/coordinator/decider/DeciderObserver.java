package io.naru.coordinator.decider;

/** Hears how long things take; for metrics. Called by the deciding thread. */
public interface DeciderObserver {
    /** Hears nothing. */
    DeciderObserver NONE = new DeciderObserver() {};

    /** Some commands were decided together. */
    default void decided(int commands, long nanos) {}

    /** A command was answered from applied state, that long after it was handed in. */
    default void applied(long nanos) {}

    /** Speculation was dropped: an entry did not take effect as decided. */
    default void decidedAgain() {}
}

package io.naru.broker.runtime;

import java.time.Duration;

/** Runs short tasks later. Thread-safe; simulated where time is simulated. */
public interface Timers {
    /** Runs {@code task} once, about {@code delay} from now, unless it is cancelled before. */
    Timer after(Duration delay, Runnable task);

    /** A task that waits for its time. */
    interface Timer {
        /** Lets the task be, if it has not begun. */
        void cancel();
    }
}

package io.naru.coordinator.config;

import io.naru.coordinator.decider.Decider;
import io.naru.coordinator.liveness.LivenessClock;
import io.naru.coordinator.quorum.RatisQuorum;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the quorum before HTTP and stops it after: requests under way are answered first, then decisions end, then
 * Ratis takes its last snapshot and closes.
 */
final class CoordinatorLifecycle implements SmartLifecycle {
    private final RatisQuorum quorum;
    private final Decider decider;
    private final LivenessClock clock;
    private volatile boolean running;

    CoordinatorLifecycle(RatisQuorum quorum, Decider decider, LivenessClock clock) {
        this.quorum = quorum;
        this.decider = decider;
        this.clock = clock;
    }

    @Override
    public void start() {
        quorum.start();
        clock.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        clock.close();
        decider.close();
        quorum.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Earlier than the web server, whose phases lie just below the default; and so stopped after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}

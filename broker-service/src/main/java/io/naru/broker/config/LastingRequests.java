package io.naru.broker.config;

import org.springframework.context.SmartLifecycle;

/**
 * Ends what would otherwise last for ever, streams and long polls, as the first act of a shutdown: the web server then
 * waits only for requests that end by themselves.
 */
final class LastingRequests implements SmartLifecycle {
    private final Runnable end;
    private volatile boolean running;

    /** @param end tells all lasting requests to end; returns at once */
    LastingRequests(Runnable end) {
        this.end = end;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        end.run();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Above the web server's graceful shutdown, so that this is stopped before it. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}

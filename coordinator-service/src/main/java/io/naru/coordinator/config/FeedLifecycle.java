package io.naru.coordinator.config;

import io.naru.coordinator.feed.MetadataFeed;
import org.springframework.context.SmartLifecycle;

/**
 * Sends home who waits for metadata, as the first act of a shutdown: the web server then waits only for requests that
 * end by themselves.
 */
final class FeedLifecycle implements SmartLifecycle {
    private final MetadataFeed feed;
    private volatile boolean running;

    FeedLifecycle(MetadataFeed feed) {
        this.feed = feed;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        feed.close();
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

package io.naru.broker.api.v1;

import io.naru.broker.metadata.ClusterView;
import io.naru.cluster.ClusterImage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Tells of images of the cluster, each newer than the one before. One may be left out when a newer one has come
 * meanwhile; the newest never is. Listeners are called by one thread, a virtual one, and must only hand over.
 * Thread-safe.
 */
public final class ImageWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ImageWatch.class.getName());
    private static final Duration LONGEST_WATCH = Duration.ofMinutes(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

    private final ClusterView cluster;
    private final List<Consumer<ClusterImage>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private ImageWatch(ClusterView cluster) {
        this.cluster = cluster;
        long from = cluster.image().version();
        this.thread = Thread.ofVirtual().name("naru-image-watch").unstarted(() -> watch(from));
    }

    /** Watches from now on. */
    public static ImageWatch start(ClusterView cluster) {
        var watch = new ImageWatch(cluster);
        watch.thread.start();
        return watch;
    }

    /** Lets a listener hear of every image from the next one on. */
    public void listen(Consumer<ClusterImage> listener) {
        listeners.add(listener);
    }

    /** Whether it has not been closed, or not yet noticed. */
    boolean isWatching() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** What is awaited follows what was told last, not what is newest: else what comes between two watches is missed. */
    private void watch(long from) {
        long told = from;
        try {
            while (true) {
                try {
                    ClusterImage image = cluster.awaitVersion(told + 1, LONGEST_WATCH)
                            .toCompletableFuture()
                            .get();
                    told = image.version();
                    tell(image);
                } catch (ExecutionException e) {
                    LOG.log(Level.DEBUG, "No newer image so far", e);
                    Thread.sleep(PAUSE_AFTER_FAILURE);
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void tell(ClusterImage image) {
        for (Consumer<ClusterImage> listener : listeners) {
            try {
                listener.accept(image);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A listener to images of the cluster failed", e);
            }
        }
    }
}

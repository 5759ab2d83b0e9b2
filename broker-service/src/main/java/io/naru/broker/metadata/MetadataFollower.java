package io.naru.broker.metadata;

import io.naru.broker.runtime.Timers;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.NaruException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Replays the coordinators' feed into an immutable image on a thread of its own: fetch, let every listener act, then
 * publish. What others see through {@link ClusterView} has therefore been acted on here.
 *
 * <p>The first image shown to listeners is at the version of this broker's registration or later: what went on before
 * is history, and acting on it could delete what is newer.
 */
public final class MetadataFollower implements ClusterView, AutoCloseable {
    private static final Logger LOG = System.getLogger(MetadataFollower.class.getName());
    private static final Duration LONG_POLL = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofMillis(200);

    private final int brokerId;
    private final Coordinator coordinator;
    private final List<ImageListener> listeners;
    private final Timers timers;
    private final ConcurrentSkipListMap<AwaitedVersion, CompletableFuture<ClusterImage>> awaited =
            new ConcurrentSkipListMap<>();
    private final AtomicLong awaitedNumbers = new AtomicLong();
    private final Thread thread;

    private volatile ClusterImage image = ClusterImage.EMPTY;
    private volatile long startVersion;
    private volatile boolean closed;

    private record AwaitedVersion(long version, long number) implements Comparable<AwaitedVersion> {
        @Override
        public int compareTo(AwaitedVersion other) {
            int byVersion = Long.compare(version, other.version);
            return byVersion != 0 ? byVersion : Long.compare(number, other.number);
        }
    }

    public MetadataFollower(int brokerId, Coordinator coordinator, List<ImageListener> listeners, Timers timers) {
        this.brokerId = brokerId;
        this.coordinator = coordinator;
        this.listeners = List.copyOf(listeners);
        this.timers = timers;
        this.thread = Thread.ofPlatform().name("metadata-follower").daemon(true).unstarted(this::run);
    }

    /** Starts to follow; listeners hear of no image below {@code version}. To be called once. */
    public void start(long version) {
        startVersion = version;
        thread.start();
    }

    @Override
    public int brokerId() {
        return brokerId;
    }

    @Override
    public ClusterImage image() {
        return image;
    }

    @Override
    public CompletionStage<ClusterImage> awaitVersion(long version, Duration limit) {
        ClusterImage now = image;
        if (now.version() >= version) {
            return CompletableFuture.completedStage(now);
        }
        var key = new AwaitedVersion(version, awaitedNumbers.incrementAndGet());
        var promise = new CompletableFuture<ClusterImage>();
        awaited.put(key, promise);
        Timers.Timer timer = timers.after(
                limit,
                () -> promise.completeExceptionally(new NaruException(
                        ErrorCode.TIMED_OUT,
                        "The change was decided as version %d, but this broker has replayed only %d so far. It will follow."
                                .formatted(version, image.version()))));
        CompletionStage<ClusterImage> watched = promise.whenComplete((_, _) -> {
            awaited.remove(key);
            timer.cancel();
        });
        // The image may have come between the first look and the registration.
        tellAwaiting();
        return watched;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ClusterImage replayed = ClusterImage.EMPTY;
        while (!closed) {
            try {
                MetadataDelta news = coordinator.metadataAfter(replayed.version(), LONG_POLL);
                if (news.toVersion() < image.version()) {
                    // A coordinator that is still replaying its log knows less than we do: acting on its image would
                    // delete what is newer.
                    pause();
                } else if (news.snapshot() || news.toVersion() != replayed.version()) {
                    replayed = news.applyTo(replayed);
                    show(replayed);
                }
            } catch (NaruException e) {
                LOG.log(closed ? Level.DEBUG : Level.WARNING, "Metadata feed: {0}", e.detail());
                pause();
            } catch (RuntimeException e) {
                // A feed that does not fit is read again from a snapshot; going on would give another image.
                LOG.log(Level.ERROR, "The metadata feed could not be replayed; starting from a snapshot", e);
                replayed = ClusterImage.EMPTY;
                pause();
            }
        }
    }

    private void show(ClusterImage next) {
        if (next.version() < startVersion) {
            return;
        }
        for (ImageListener listener : listeners) {
            listener.apply(next);
        }
        image = next;
        tellAwaiting();
    }

    private void tellAwaiting() {
        ClusterImage now = image;
        awaited.headMap(new AwaitedVersion(now.version(), Long.MAX_VALUE), true)
                .values()
                .forEach(promise -> promise.complete(now));
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_AFTER);
        } catch (InterruptedException _) {
            // Only close() interrupts, and the loop looks at its flag.
        }
    }
}

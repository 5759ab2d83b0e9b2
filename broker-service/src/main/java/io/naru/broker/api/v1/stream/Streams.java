package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.ImageWatch;
import io.naru.broker.api.v1.read.ReadMetrics;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/**
 * All streams that are open on this broker, and what they share: the bound on their number, the threads they take turns
 * on, one clock for their heartbeats, and word of changed topics. Thread-safe.
 */
public final class Streams implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Streams.class.getName());
    static final int MAX_IDLE_BENCHES = 64;
    private static final int KEPT_BENCH_BYTES = 256 * 1024;

    private final StreamSettings settings;
    private final ReadMetrics metrics;
    private final Set<ChunkSubscription> open = ConcurrentHashMap.newKeySet();
    private final WorkbenchPool benches = new WorkbenchPool(MAX_IDLE_BENCHES, KEPT_BENCH_BYTES);
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("naru-stream-", 0).factory());
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("naru-stream-clock").daemon().factory());
    private volatile boolean shuttingDown;

    /** No streams yet; those there will be hear of changed topics through {@code images}. */
    public Streams(StreamSettings settings, ImageWatch images, ReadMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        metrics.gaugeOpenStreams(open::size);
        images.listen(this::tellOf);
        long every = tickNanos();
        var _ = clock.scheduleAtFixedRate(this::tick, every, every, TimeUnit.NANOSECONDS);
    }

    StreamSettings settings() {
        return settings;
    }

    ReadMetrics metrics() {
        return metrics;
    }

    WorkbenchPool benches() {
        return benches;
    }

    /** How many streams are open now. */
    public int openCount() {
        return open.size();
    }

    /** Refuses another stream when there are as many as there may be, or when the broker is stopping. */
    void requireRoom() {
        NaruException refusal = refusal(open.size() + 1);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** What a source says, to be subscribed once. */
    Publisher<DataBuffer> publish(ChunkSource source, DataBufferFactory buffers) {
        return new ChunkPublisher(source, buffers, this);
    }

    /**
     * Asks every stream to say that the broker is stopping and to end, and takes no new ones. Returns at once; a client
     * that does not read is not waited for.
     */
    public void shutdown() {
        shuttingDown = true;
        open.forEach(stream -> stream.endWith(stopping()));
    }

    /** Ends the clock and the threads; for after the server has let go of its connections. */
    @Override
    public void close() {
        shutdown();
        clock.shutdownNow();
        workers.shutdown();
    }

    void enter(ChunkSubscription stream) {
        open.add(stream);
        NaruException refusal = refusal(open.size());
        if (refusal != null) {
            stream.endWith(refusal);
        }
    }

    void leave(ChunkSubscription stream) {
        open.remove(stream);
    }

    void execute(Runnable work) {
        workers.execute(work);
    }

    /** Silence after which a heartbeat is due: less than the longest allowed by what the clock may be late. */
    long quietNanos() {
        return settings.heartbeat().toNanos() - 2 * tickNanos();
    }

    private long tickNanos() {
        return settings.heartbeat().toNanos() / 4;
    }

    private @Nullable NaruException refusal(int streams) {
        if (shuttingDown) {
            return stopping();
        }
        if (streams > settings.maxStreams()) {
            return new NaruException(
                    ErrorCode.TOO_MANY_STREAMS,
                    "This broker has " + settings.maxStreams() + " streams open, as many as streams.max allows. "
                            + "Try again later, or ask another broker.");
        }
        return null;
    }

    private static NaruException stopping() {
        return new NaruException(
                ErrorCode.SHUTTING_DOWN,
                "The broker is stopping. Connect again, here or to another broker, to go on where the stream ended.");
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            open.forEach(stream -> stream.tick(now));
        } catch (RuntimeException e) {
            // The clock of all streams must not stop because one tick of it failed.
            LOG.log(Level.ERROR, "A tick of the streams' clock failed", e);
        }
    }

    private void tellOf(ClusterImage image) {
        open.stream().filter(stream -> stream.source().isAffectedBy(image)).forEach(ChunkSubscription::news);
    }
}

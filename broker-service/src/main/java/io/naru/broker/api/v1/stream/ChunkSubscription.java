package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.stream.ChunkSource.Next;
import io.naru.cluster.NaruException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import reactor.core.publisher.Operators;

/**
 * The state of one stream. Signals (demand, news of a partition, a tick of the clock, cancellation) may come on any
 * thread and only count up; the first one to find nobody at work starts a virtual thread, which takes turns until every
 * signal is answered for. So all that lies below the signals is confined to one thread at a time, no thread waits while
 * there is nothing to say, and nothing is made that the subscriber has not asked for.
 */
final class ChunkSubscription implements Subscription, Runnable {
    private static final Logger LOG = System.getLogger(ChunkSubscription.class.getName());

    private final Subscriber<? super DataBuffer> subscriber;
    private final ChunkSource source;
    private final DataBufferFactory buffers;
    private final Streams streams;

    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean cancelled;
    private volatile boolean holdsBench;
    private volatile boolean stalled;
    private volatile long lastSentNanos = System.nanoTime();

    private @Nullable Workbench bench;
    private boolean opened;
    private boolean done;
    private boolean keepsBench;

    ChunkSubscription(
            Subscriber<? super DataBuffer> subscriber, ChunkSource source, DataBufferFactory buffers, Streams streams) {
        this.subscriber = subscriber;
        this.source = source;
        this.buffers = buffers;
        this.streams = streams;
    }

    ChunkSource source() {
        return source;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            demand.accumulateAndGet(n, Operators::addCap);
            wake();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        wake();
    }

    /** There may be more to say. While the subscriber asks for nothing, its next request is soon enough to look. */
    void news() {
        if (demand.get() > 0) {
            wake();
        }
    }

    /**
     * Called now and then by the clock of all streams: a stream that has been quiet for long shows that it lives, and
     * one whose client takes nothing gives the memory of its half-read slice back.
     */
    void tick(long nowNanos) {
        if (demand.get() > 0) {
            if (nowNanos - lastSentNanos >= streams.quietNanos()) {
                wake();
            }
        } else if (holdsBench && nowNanos - lastSentNanos >= streams.quietNanos()) {
            stalled = true;
            wake();
        }
    }

    /** Ends the stream with a problem, as soon as its client asks for more. */
    void endWith(NaruException reason) {
        source.endWith(reason);
        wake();
    }

    private void wake() {
        if (signals.getAndIncrement() == 0) {
            try {
                streams.execute(this);
            } catch (RejectedExecutionException _) {
                // The broker is past its shutdown; what is left is to let go of things, which blocks nobody for long.
                run();
            }
        }
    }

    @Override
    public void run() {
        int answered = 1;
        do {
            try {
                turn();
            } catch (RuntimeException | Error e) {
                fail(e);
            }
            answered = signals.addAndGet(-answered);
        } while (answered != 0);
    }

    private void turn() {
        if (done) {
            return;
        }
        if (keepsBench) {
            keepsBench = false;
            streams.benches().keepsNoMore();
        }
        if (!opened && !cancelled) {
            opened = true;
            source.open(this::news);
        }
        if (stalled) {
            stalled = false;
            letGoOfBench();
        }
        boolean sent = true;
        while (sent && !done && demand.get() > 0 && !cancelled) {
            sent = sendNext();
            letOthersWork();
        }
        if (cancelled && !done) {
            finish();
        }
        keepBenchIfThereAreFew();
    }

    private void keepBenchIfThereAreFew() {
        if (bench != null) {
            keepsBench = streams.benches().mayKeep();
            if (!keepsBench) {
                letGoOfBench();
            }
        }
    }

    /** A virtual thread keeps its processor until it waits for something; many busy streams have to take turns. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOthersWork() {
        Thread.yield();
    }

    /** Sends what there is to say; false when there is nothing, and news will tell. */
    private boolean sendNext() {
        Workbench at = bench();
        at.sink().truncate(0);
        Next next = source.fill(at, () -> cancelled);
        if (next != Next.END && at.sink().size() == 0 && System.nanoTime() - lastSentNanos >= streams.quietNanos()) {
            source.heartbeat(at);
        }
        DataBuffer chunk = at.sink().size() == 0 ? null : copyOf(at);
        if (next == Next.WAIT) {
            letGoOfBench();
        }
        if (chunk != null) {
            send(chunk);
        }
        if (next == Next.END) {
            finish();
            subscriber.onComplete();
        }
        return next == Next.MORE || chunk != null;
    }

    private DataBuffer copyOf(Workbench at) {
        int size = at.sink().size();
        DataBuffer chunk = buffers.allocateBuffer(size);
        return chunk.write(at.sink().array(), 0, size);
    }

    private void send(DataBuffer chunk) {
        demand.updateAndGet(asked -> asked == Long.MAX_VALUE ? asked : asked - 1);
        lastSentNanos = System.nanoTime();
        source.sent(chunk.readableByteCount());
        subscriber.onNext(chunk);
    }

    private Workbench bench() {
        Workbench at = bench;
        if (at == null) {
            at = streams.benches().take();
            bench = at;
            holdsBench = true;
        }
        return at;
    }

    private void letGoOfBench() {
        Workbench at = bench;
        if (at != null) {
            source.letGoOfBench();
            bench = null;
            holdsBench = false;
            streams.benches().giveBack(at);
        }
    }

    private void finish() {
        done = true;
        letGoOfBench();
        if (opened) {
            source.close();
        }
        streams.leave(this);
    }

    private void fail(Throwable cause) {
        LOG.log(Level.ERROR, "A stream broke off", cause);
        if (!done) {
            // What lies on the bench may be half written; it is not for the next stream.
            bench = null;
            finish();
            subscriber.onError(cause);
        }
    }
}

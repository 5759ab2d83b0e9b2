package io.naru.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Streams NDJSON lines over a fixed number of requests that last as long as the load, and measures until each line's
 * receipt. The threads are those of {@link HttpLoad}. A stream that ends early, or without a receipt for every line,
 * ends the load with an exception.
 */
public final class NdjsonLoad {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /**
     * What is streamed.
     *
     * @param path of the topic's records
     * @param line one record, ending in a line break
     * @param linesPerBlock lines that go out in one write; a paced load counts its rate in blocks
     * @param window lines of one stream that may be without a receipt; a paced load that reaches it falls behind, which
     *     counts as latency
     */
    public record Lines(InetSocketAddress target, String path, String line, int linesPerBlock, int window) {}

    private final Lines lines;
    private final Arrivals arrivals;
    private final Recording recording;
    private final Selector selector;
    private final ReentrantLock lock = new ReentrantLock();

    // All below under the lock.
    private final List<LineStream> streams = new ArrayList<>();
    private long due; // blocks, when paced
    private long sent;
    private int next;

    private NdjsonLoad(Lines lines, Arrivals arrivals, Recording recording, Selector selector) {
        this.lines = lines;
        this.arrivals = arrivals;
        this.recording = recording;
        this.selector = selector;
    }

    /** Runs a whole load on the calling thread; the result counts lines. */
    public static LoadResult run(Lines lines, int streams, Arrivals arrivals, Window window) throws IOException {
        try (Selector selector = Selector.open()) {
            NdjsonLoad load = new NdjsonLoad(lines, arrivals, new Recording(window), selector);
            try {
                return load.run(streams);
            } catch (UncheckedIOException e) {
                throw new IOException(e.getMessage(), e);
            } finally {
                load.streams.forEach(LineStream::close);
            }
        }
    }

    private LoadResult run(int count) throws IOException {
        byte[] head = Request.streamHead(lines.target(), lines.path(), "application/x-ndjson");
        LineStream.Block block =
                LineStream.Block.of(lines.line().getBytes(StandardCharsets.UTF_8), lines.linesPerBlock());
        for (int i = 0; i < count; i++) {
            streams.add(LineStream.open(i, lines.target(), selector, recording, lines.window(), block, head));
        }
        try (Pacer pacer = startPacer()) {
            if (pacer == null) {
                dispatchLocked(0);
            }
            while (!finished(pacer)) {
                selector.select(this::ready, 100);
            }
        }
        return recording.result();
    }

    private @Nullable Pacer startPacer() {
        return switch (arrivals) {
            case Arrivals.Paced paced -> Pacer.start(recording, paced, this::dispatchLocked);
            case Arrivals.Closed() -> null;
        };
    }

    private void ready(SelectionKey key) {
        lock.lock();
        try {
            LineStream stream = streams.get(((Connection) key.attachment()).number());
            if (key.isWritable()) {
                stream.connection().flush();
            }
            if (key.isReadable()) {
                stream.receive();
            }
            dispatch(System.nanoTime());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void dispatchLocked(long nowDue) throws IOException {
        lock.lock();
        try {
            due = nowDue;
            dispatch(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** Sends what may be sent, on the streams in turn, until none of them takes more. */
    private void dispatch(long now) throws IOException {
        int refused = 0;
        while (refused < streams.size() && mayStart(now)) {
            LineStream stream = streams.get(next);
            next = (next + 1) % streams.size();
            if (stream.mayStart()) {
                stream.start(intendedFor(now));
                sent++;
                refused = 0;
            } else {
                refused++;
            }
        }
    }

    private boolean mayStart(long now) {
        return switch (arrivals) {
            case Arrivals.Closed() -> now < recording.end();
            case Arrivals.Paced _ -> sent < due;
        };
    }

    private long intendedFor(long now) {
        return switch (arrivals) {
            case Arrivals.Closed() -> now;
            case Arrivals.Paced paced -> recording.dueAt(paced, sent);
        };
    }

    private boolean finished(@Nullable Pacer pacer) throws IOException {
        long now = System.nanoTime();
        boolean allDue = pacer == null ? now >= recording.end() : pacer.finished();
        lock.lock();
        try {
            if (allDue && !mayStart(now)) {
                for (LineStream stream : streams) {
                    stream.end();
                }
            }
            int open = 0;
            for (LineStream stream : streams) {
                open += stream.complete() ? 0 : 1;
            }
            if (open > 0 && now - recording.end() > DRAIN.toNanos()) {
                throw new IllegalStateException(
                        open + " streams had not ended " + DRAIN.toSeconds() + " s after the end of the load");
            }
            return open == 0;
        } finally {
            lock.unlock();
        }
    }
}

package io.naru.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over a fixed number of keep-alive connections, one under way on each, and measures until when each is
 * answered. {@link #run} works on the calling thread; a paced load has a second thread that only waits and sends. Any
 * answer but 2xx, and any closed connection, ends the load with an exception: figures of a load with errors say nothing.
 */
public final class HttpLoad implements AutoCloseable {
    /** How long after the last request answers are waited for. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** Is told of every answer, on the thread that called {@link HttpLoad#run}. */
    @FunctionalInterface
    public interface Answers {
        /** Request {@code number} was due at one and answered at the other {@link System#nanoTime}. */
        void answered(long number, long dueNanos, long answeredNanos);
    }

    private final RequestSource source;
    private final Answers answers;
    private final Arrivals arrivals;
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    // All below under the lock.
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final long[] numbers; // by connection: the request under way
    private final long[] intended; // by connection: when it was due
    private long due; // requests that are due, when paced
    private long sent;

    private HttpLoad(int connections, Arrivals arrivals, RequestSource source, Answers answers) throws IOException {
        this.source = source;
        this.answers = answers;
        this.arrivals = arrivals;
        this.numbers = new long[connections];
        this.intended = new long[connections];
        this.selector = Selector.open();
    }

    /** Connects to a server, blocking. */
    public static HttpLoad open(
            InetSocketAddress target, int connections, Arrivals arrivals, RequestSource source, Answers answers)
            throws IOException {
        HttpLoad load = new HttpLoad(connections, arrivals, source, answers);
        try {
            for (int i = 0; i < connections; i++) {
                load.connections.add(Connection.open(i, target, load.selector, (_, _, _) -> {}));
            }
            load.idle.addAll(load.connections);
            return load;
        } catch (IOException e) {
            load.close();
            throw e;
        }
    }

    /**
     * Sends for the window's time and waits for the last answers. Once per load.
     *
     * @throws IOException if a connection breaks
     * @throws IllegalStateException if the server answers anything but 2xx, or not at all
     */
    public LoadResult run(Window window) throws IOException {
        Recording recording = new Recording(window);
        try (Pacer pacer = startPacer(recording)) {
            if (pacer == null) {
                dispatchLocked(recording, 0);
            }
            while (!finished(recording, pacer)) {
                selector.select(key -> ready(recording, key), 100);
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        return recording.result();
    }

    private @Nullable Pacer startPacer(Recording recording) {
        return switch (arrivals) {
            case Arrivals.Paced paced -> Pacer.start(recording, paced, count -> dispatchLocked(recording, count));
            case Arrivals.Closed() -> null;
        };
    }

    private void ready(Recording recording, SelectionKey key) {
        lock.lock();
        try {
            Connection connection = (Connection) key.attachment();
            if (key.isWritable()) {
                connection.flush();
            }
            if (key.isReadable() && connection.receive() > 0) {
                answered(recording, connection);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void answered(Recording recording, Connection connection) throws IOException {
        long now = System.nanoTime();
        if (connection.status() / 100 != 2) {
            throw new IllegalStateException("the server answered " + connection.excerpt());
        }
        int slot = connection.number();
        answers.answered(numbers[slot], intended[slot], now);
        recording.record(intended[slot], now, 1);
        idle.addLast(connection);
        dispatch(recording, now);
    }

    private void dispatchLocked(Recording recording, long nowDue) throws IOException {
        lock.lock();
        try {
            due = nowDue;
            dispatch(recording, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** Sends whatever is due on whatever connection is free. */
    private void dispatch(Recording recording, long now) throws IOException {
        while (!idle.isEmpty() && mayStart(recording, now)) {
            Connection connection = idle.removeFirst();
            int slot = connection.number();
            numbers[slot] = sent;
            intended[slot] = switch (arrivals) {
                case Arrivals.Closed() -> now;
                case Arrivals.Paced paced -> recording.dueAt(paced, sent);
            };
            connection.send(source.request(sent++, slot));
        }
    }

    private boolean mayStart(Recording recording, long now) {
        return switch (arrivals) {
            case Arrivals.Closed() -> now < recording.end();
            case Arrivals.Paced _ -> sent < due;
        };
    }

    private boolean finished(Recording recording, @Nullable Pacer pacer) throws IOException {
        long now = System.nanoTime();
        boolean allDue = pacer == null ? now >= recording.end() : pacer.finished();
        lock.lock();
        try {
            if (allDue && idle.size() == connections.size() && !mayStart(recording, now)) {
                return true;
            }
            if (now - recording.end() > DRAIN.toNanos()) {
                throw new IllegalStateException((connections.size() - idle.size()) + " requests were unanswered and "
                        + Math.max(0, due - sent) + " unsent " + DRAIN.toSeconds() + " s after the end of the load");
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}

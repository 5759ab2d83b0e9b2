package io.naru.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Readers that follow one stream of server-sent events, all on one thread of their own, and note when each numbered
 * record arrives at each of them.
 */
final class SseReaders implements AutoCloseable {
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final long[][] receivedAt; // reader, number; written by the thread alone, read after it has ended
    private final CountDownLatch following;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final Thread thread =
            Thread.ofPlatform().name("sse-readers").daemon().unstarted(this::follow);
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;
    private volatile double busy;

    private SseReaders(int readers, int numbers) throws IOException {
        this.selector = Selector.open();
        this.receivedAt = new long[readers][numbers];
        this.following = new CountDownLatch(readers);
    }

    /**
     * Connects the readers and returns once every one of them follows.
     *
     * @param numbers the numbers that will come are 0 to this (exclusive)
     */
    static SseReaders follow(InetSocketAddress target, String path, int readers, int numbers)
            throws IOException, InterruptedException {
        SseReaders all = new SseReaders(readers, numbers);
        try {
            byte[] request = Request.get(target, path, "text/event-stream");
            for (int i = 0; i < readers; i++) {
                long[] times = all.receivedAt[i];
                Connection connection = Connection.open(
                        i,
                        target,
                        all.selector,
                        new SequencedRecord.Scanner(number -> all.received(times, Math.toIntExact(number))));
                all.connections.add(connection);
                connection.send(ByteBuffer.wrap(request));
            }
            all.thread.start();
            if (!all.following.await(10, TimeUnit.SECONDS)) {
                throw new IOException(all.following.getCount() + " readers got no answer to " + path + " within 10 s");
            }
            all.check();
            return all;
        } catch (IOException | InterruptedException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** Waits until every reader has so many records. */
    void awaitEach(long numbers, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (received.get() < numbers * receivedAt.length) {
            check();
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the readers have " + received.get() + " of " + numbers * receivedAt.length + " records");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        if (duplicates.get() > 0) {
            throw new IOException(duplicates.get() + " records came more than once");
        }
    }

    /** Ends the readers; then {@link System#nanoTime} of each arrival may be read, by reader and number. */
    long[][] stop() throws InterruptedException {
        stopped = true;
        selector.wakeup();
        thread.join();
        return receivedAt;
    }

    /** Share of one core that the readers' thread used; after {@link #stop}. */
    double busy() {
        return busy;
    }

    private void received(long[] times, int number) {
        if (times[number] == 0) {
            times[number] = System.nanoTime();
            received.incrementAndGet();
        } else {
            duplicates.incrementAndGet();
        }
    }

    private void follow() {
        CpuClock cpu = new CpuClock();
        boolean[] begun = new boolean[connections.size()];
        try {
            while (!stopped) {
                selector.select(key -> receive(key, begun));
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        busy = cpu.busy();
    }

    private void receive(SelectionKey key, boolean[] begun) {
        Connection connection = (Connection) key.attachment();
        try {
            if (connection.receive() > 0 || (connection.headComplete() && connection.status() != 200)) {
                throw new IllegalStateException("a stream of events ended: " + connection.excerpt());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        if (!begun[connection.number()] && connection.headComplete()) {
            begun[connection.number()] = true;
            following.countDown();
        }
    }

    private void check() throws IOException {
        Exception e = failure;
        if (e != null) {
            throw new IOException("the readers failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        selector.wakeup();
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}

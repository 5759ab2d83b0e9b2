package io.naru.commitlog;

import io.naru.commitlog.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many bytes a second a scrubber reads, and lets it end at once when it is to. {@link #end} may be called by any
 * thread, the rest by the scrubber's.
 */
final class ScrubPace {
    private static final long NANOS = 1_000_000_000;

    private final long bytesPerSecond;
    private final LongAdder bytes = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();
    private boolean ended;
    private long paidUntilNanos = System.nanoTime();

    ScrubPace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** The scrubber is to end. */
    static final class EndedException extends IOException {
        private static final long serialVersionUID = 1;

        EndedException() {
            super("The scrubber was ended");
        }
    }

    /** Takes note of so many bytes read, and waits until that is no more than is allowed. */
    void spend(long count) throws EndedException {
        bytes.add(count);
        long now = System.nanoTime();
        // What was not read while there was time is not read the faster now.
        long from = paidUntilNanos - now < 0 ? now : paidUntilNanos;
        paidUntilNanos = from + (long) ((double) count * NANOS / bytesPerSecond);
        pause(paidUntilNanos - now);
    }

    /** Waits for so long. */
    void pause(long nanos) throws EndedException {
        lock.lock();
        try {
            long left = nanos;
            while (!ended && left > 0) {
                left = ending.awaitNanos(left);
            }
            if (ended) {
                throw new EndedException();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Somebody interrupts a thread that nobody knows", e);
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            ending.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes read so far. */
    long bytesRead() {
        return bytes.sum();
    }

    /** A reader that keeps to this pace. */
    DiskReader paced(DiskReader reader) {
        return new DiskReader() {
            @Override
            public long size() throws IOException {
                return reader.size();
            }

            @Override
            public int read(ByteBuffer to, long position) throws IOException {
                int count = reader.read(to, position);
                spend(Math.max(0, count));
                return count;
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }
}

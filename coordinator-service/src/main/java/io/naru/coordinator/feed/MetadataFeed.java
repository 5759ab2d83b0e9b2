package io.naru.coordinator.feed;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.coordinator.decider.QuorumListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was applied lately, for those who follow. Holds the newest entries within bounds; who asks for older ones, or
 * for versions this coordinator never saw, gets a snapshot. Thread-safe; {@link #after} waits and belongs on virtual
 * threads.
 */
public final class MetadataFeed implements QuorumListener, AutoCloseable {
    private record Applied(long version, List<MetadataRecord> records) {}

    private final FeedLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Deque<Applied> recent = new ArrayDeque<>();
    private int recentRecords;
    private int waiting;
    private ClusterImage image = ClusterImage.EMPTY;
    private boolean closed;

    public MetadataFeed(FeedLimits limits) {
        this.limits = limits;
    }

    @Override
    public void applied(List<MetadataRecord> records, ClusterImage now) {
        lock.lock();
        try {
            image = now;
            recent.addLast(new Applied(now.version(), records));
            recentRecords += records.size();
            while (recent.size() > limits.entries() || recentRecords > limits.records()) {
                recentRecords -= recent.removeFirst().records().size();
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void restored(ClusterImage now) {
        lock.lock();
        try {
            image = now;
            recent.clear();
            recentRecords = 0;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * News after {@code version}; without any, waits up to {@code wait} and then answers an empty delta. Who is ahead of
     * this coordinator, which may still be replaying its log, waits likewise: an older image would undo what it knows.
     *
     * @throws NaruException {@code OVERLOADED} when too many are waiting already, {@code SHUTTING_DOWN} once closed,
     *     {@code COORDINATOR_UNAVAILABLE} when this coordinator has not come to {@code version} within the wait
     */
    public MetadataDelta after(long version, Duration wait) {
        lock.lock();
        try {
            awaitNews(version, wait);
            return answer(version);
        } finally {
            lock.unlock();
        }
    }

    /** How many requests wait for news now. */
    public int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Sends everybody who waits home. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitNews(long version, Duration wait) {
        if (wait.isZero() || closed || image.version() > version) {
            return;
        }
        if (waiting >= limits.waiting()) {
            throw new NaruException(
                    ErrorCode.OVERLOADED,
                    "%d requests are waiting for metadata already (coordinator.feed.waiting). Try again later."
                            .formatted(waiting));
        }
        waiting++;
        try {
            long left = wait.toNanos();
            while (image.version() <= version && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            waiting--;
        }
    }

    private MetadataDelta answer(long version) {
        if (closed) {
            throw new NaruException(ErrorCode.SHUTTING_DOWN, "This coordinator is stopping. Follow another one.");
        }
        if (version == image.version()) {
            return new MetadataDelta(false, version, version, List.of());
        }
        if (version > image.version()) {
            throw new NaruException(
                    ErrorCode.COORDINATOR_UNAVAILABLE,
                    "This coordinator has applied the metadata to version %d only, and not to %d yet. Ask the others, or try again shortly."
                            .formatted(image.version(), version));
        }
        Applied oldest = recent.peekFirst();
        boolean resumable = oldest != null && version >= oldest.version() - 1;
        if (!resumable) {
            return MetadataDelta.snapshotOf(image);
        }
        var records = new ArrayList<MetadataRecord>();
        for (Applied entry : recent) {
            if (entry.version() > version) {
                records.addAll(entry.records());
            }
        }
        return new MetadataDelta(false, version, image.version(), records);
    }
}

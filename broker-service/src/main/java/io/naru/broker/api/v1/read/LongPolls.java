package io.naru.broker.api.v1.read;

import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Subscription;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets requests wait until a partition has something new, each on a virtual thread of its own: what parks is woken by
 * the partition, the clock only bounds the wait. Thread-safe.
 */
public final class LongPolls {
    private final int max;
    private final Set<Wait> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean shuttingDown;

    /**
     * Waits of one broker.
     *
     * @param max most requests that wait at once ({@code polls.max})
     */
    public LongPolls(int max) {
        this.max = max;
    }

    /** Lets every wait end as if its time were over, now and from now on. Returns at once. */
    public void shutdown() {
        shuttingDown = true;
        waiting.forEach(wait -> wait.news.release());
    }

    /**
     * Listens to partitions from now on; with none, there is nothing to wait for. Close it when done.
     *
     * @throws NaruException {@code OVERLOADED} when too many wait already
     */
    Wait on(Collection<Partition> partitions) {
        if (!partitions.isEmpty() && waiting.size() >= max) {
            throw new NaruException(
                    ErrorCode.OVERLOADED,
                    "As many requests wait for records on this broker as polls.max allows, " + max
                            + ". Ask without wait_ms, or again in a moment.");
        }
        return new Wait(partitions);
    }

    /** One request's wait. Confined to its thread. */
    final class Wait implements AutoCloseable {
        private final Semaphore news = new Semaphore(0);
        private final List<Subscription> subscriptions = new ArrayList<>();

        private Wait(Collection<Partition> partitions) {
            if (!partitions.isEmpty()) {
                waiting.add(this);
            }
            partitions.forEach(partition -> subscriptions.add(partition.onAdvance(news::release)));
        }

        /**
         * Waits for the next news, or for such as came since the last call.
         *
         * @param untilNanos when to give up, by {@link System#nanoTime}
         * @return whether there may be something new; false when time is up or the broker is stopping
         * @throws InterruptedException when the client is gone
         */
        boolean await(long untilNanos) throws InterruptedException {
            long left = untilNanos - System.nanoTime();
            if (shuttingDown || !news.tryAcquire(Math.max(0, left), TimeUnit.NANOSECONDS) || shuttingDown) {
                return false;
            }
            news.drainPermits();
            return true;
        }

        @Override
        public void close() {
            subscriptions.forEach(Subscription::close);
            waiting.remove(this);
        }
    }
}

package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.cursor.Positions;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one stream and which of them has something to read, handed out in turn so that none starves.
 * Confined to one thread at a time, but for the news that partitions tell.
 */
final class FollowedPartitions {
    private final List<Followed> followed = new ArrayList<>();
    private final Positions positions;
    private int turn;

    /** One partition of one stream. */
    static final class Followed {
        final Partition partition;
        private final Subscription subscription;

        /**
         * Set by the partition: look even if the high watermark says nothing new, for reading may have ended. True at
         * first, because it may have ended before the partition knew whom to tell.
         */
        private volatile boolean news = true;

        private Followed(Partition partition, Runnable wake) {
            this.partition = partition;
            this.subscription = partition.onAdvance(() -> {
                news = true;
                wake.run();
            });
        }

        int number() {
            return partition.number();
        }
    }

    FollowedPartitions(Positions positions) {
        this.positions = positions;
    }

    int size() {
        return followed.size();
    }

    boolean contains(int partition) {
        return followed.stream().anyMatch(one -> one.number() == partition);
    }

    /** Follows one more, from the position that stands for it. */
    void add(Partition partition, Runnable wake) {
        followed.add(new Followed(partition, wake));
    }

    /** The next in turn that has something to read, or null. */
    @Nullable
    Followed nextWithNews() {
        for (int i = 0; i < followed.size(); i++) {
            int at = (turn + i) % followed.size();
            Followed candidate = followed.get(at);
            // Cleared before the caller reads, so that what comes while it reads is not missed.
            boolean told = candidate.news;
            candidate.news = false;
            if (told || positions.get(candidate.number()) < candidate.partition.highWatermark()) {
                turn = at + 1;
                return candidate;
            }
        }
        return null;
    }

    void close() {
        followed.forEach(one -> one.subscription.close());
        followed.clear();
    }
}

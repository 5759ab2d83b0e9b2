package io.naru.broker.metadata;

import io.naru.cluster.ClusterImage;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The cluster as this broker knows it. Thread-safe; never blocks. */
public interface ClusterView {
    /** This broker's id. */
    int brokerId();

    /** The newest image; {@link ClusterImage#EMPTY} before the first. */
    ClusterImage image();

    /**
     * Completes with an image at {@code version} or later once this broker has replayed and acted on it: its logs are
     * open and its leaderships taken. Exceptionally with {@code TIMED_OUT} after {@code limit}.
     */
    CompletionStage<ClusterImage> awaitVersion(long version, Duration limit);
}

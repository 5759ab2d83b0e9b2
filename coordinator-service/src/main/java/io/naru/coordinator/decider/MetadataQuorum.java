package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import java.util.concurrent.CompletableFuture;

/** The replicated log of metadata, as its leader uses it. Thread-safe unless a method says otherwise. */
public interface MetadataQuorum {
    /** What this coordinator has applied; never older than what an outcome has told of. */
    Basis basis();

    /** The image of {@link #basis()}. */
    default ClusterImage image() {
        return basis().image();
    }

    /**
     * Appends an entry. To be called by one thread at a time; entries reach the log in the order of the calls. Returns
     * at once; the future completes, never exceptionally, on a thread of the quorum's that must not be blocked.
     */
    CompletableFuture<AppendOutcome> append(MetadataEntry entry);

    /**
     * Makes sure that this coordinator has led ever since that term began, and leads still: a majority confirmed it.
     * So nobody else has changed anything meanwhile, and what was decided on applied state was true. Completes like
     * {@link #append} does, with {@link AppendOutcome.Applied} or {@link AppendOutcome.Refused}.
     */
    CompletableFuture<AppendOutcome> confirm(long term);
}

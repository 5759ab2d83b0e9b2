package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import java.util.concurrent.CompletableFuture;

/** The replicated log of metadata, as its leader uses it. Thread-safe unless a method says otherwise. */
public interface MetadataQuorum {
    /** The newest image this coordinator has applied; never older than one an outcome has told of. */
    ClusterImage image();

    /**
     * Appends an entry. To be called by one thread at a time: entries reach the log in the order of the calls. Returns
     * at once; the future completes, never exceptionally, on a thread of the quorum's that must not be blocked.
     */
    CompletableFuture<AppendOutcome> append(MetadataEntry entry);

    /**
     * Makes sure that this coordinator still leads and has applied all that was acknowledged before the call: a
     * majority confirmed it. Completes like {@link #append} does, with {@link AppendOutcome.Applied} or {@link
     * AppendOutcome.Refused}.
     */
    CompletableFuture<AppendOutcome> confirm();
}

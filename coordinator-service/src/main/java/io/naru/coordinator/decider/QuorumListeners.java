package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells several listeners, in the order in which they were added. Thread-safe. */
public final class QuorumListeners implements QuorumListener {
    private final CopyOnWriteArrayList<QuorumListener> listeners = new CopyOnWriteArrayList<>();

    /** Adds one that hears everything from now on. */
    public void add(QuorumListener listener) {
        listeners.add(listener);
    }

    @Override
    public void leading(long term, ClusterImage image) {
        listeners.forEach(listener -> listener.leading(term, image));
    }

    @Override
    public void notLeading() {
        listeners.forEach(QuorumListener::notLeading);
    }

    @Override
    public void applied(List<MetadataRecord> records, ClusterImage image) {
        listeners.forEach(listener -> listener.applied(records, image));
    }

    @Override
    public void restored(ClusterImage image) {
        listeners.forEach(listener -> listener.restored(image));
    }
}

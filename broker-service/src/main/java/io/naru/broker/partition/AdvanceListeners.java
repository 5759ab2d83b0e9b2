package io.naru.broker.partition;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who wants to be told when a partition's high watermark advances. Thread-safe. */
final class AdvanceListeners {
    private static final Logger LOG = System.getLogger(AdvanceListeners.class.getName());

    private final CopyOnWriteArrayList<Entry> entries = new CopyOnWriteArrayList<>();

    /** By identity: two subscriptions of one listener are two entries. */
    private static final class Entry {
        final Runnable listener;

        Entry(Runnable listener) {
            this.listener = listener;
        }
    }

    Subscription add(Runnable listener) {
        var entry = new Entry(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** Tells everybody, on the caller's thread; a listener that throws does not keep the others from hearing. */
    void tell() {
        for (Entry entry : entries) {
            try {
                entry.listener.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A listener to a partition failed", e);
            }
        }
    }

    int size() {
        return entries.size();
    }
}

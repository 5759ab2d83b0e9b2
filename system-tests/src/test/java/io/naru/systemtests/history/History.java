package io.naru.systemtests.history;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the writers of one run tried and were told. Thread-safe. */
public final class History {
    private final Set<String> attempted = ConcurrentHashMap.newKeySet();
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile boolean deaf;

    /** To be called before the value leaves the writer; its outcome is unknown until it is acknowledged. */
    public void attempt(String value) {
        attempted.add(value);
    }

    /** The server says that the value is stored. */
    public void acknowledge(String value, int partition, long offset) {
        if (deaf) {
            return;
        }
        acknowledged.add(new Acknowledged(value, partition, offset));
        counts.computeIfAbsent(Value.parse(value).writer(), _ -> new LongAdder())
                .increment();
    }

    /** Until {@link #hearAgain} acknowledgements do not count, as if they had never left the machine of the server. */
    public void hearNothing() {
        deaf = true;
    }

    public void hearAgain() {
        deaf = false;
    }

    public Set<String> attempted() {
        return Set.copyOf(attempted);
    }

    public List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** How many writes of this writer were acknowledged so far. */
    public long acknowledgedBy(String writer) {
        LongAdder count = counts.get(writer);
        return count == null ? 0 : count.sum();
    }
}

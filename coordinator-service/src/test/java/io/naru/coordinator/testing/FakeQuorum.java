package io.naru.coordinator.testing;

import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.Basis;
import io.naru.coordinator.decider.MetadataEntry;
import io.naru.coordinator.decider.MetadataQuorum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A quorum in memory whose every step a test decides: entries wait until they are let through, refused, or lost. Until
 * {@link #hold} is called, each is applied at once.
 */
public final class FakeQuorum implements MetadataQuorum {
    private final LinkedBlockingDeque<Waiting> waiting = new LinkedBlockingDeque<>();
    private final List<MetadataEntry> applied = new ArrayList<>();
    private volatile Basis basis = Basis.EMPTY;
    private volatile boolean holding;

    /** Something handed in: an entry, or with a null entry a question whether this still leads. */
    public record Waiting(MetadataEntry entry, CompletableFuture<AppendOutcome> outcome) {}

    /** From now on nothing happens by itself. */
    public void hold() {
        holding = true;
    }

    /** From now on everything happens at once, including what is waiting. */
    public void release() {
        holding = false;
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            letThrough(next);
        }
    }

    /** The next thing handed in; waits for it. */
    public Waiting next() throws InterruptedException {
        return waiting.take();
    }

    public int waitingCount() {
        return waiting.size();
    }

    /** What took effect, in order. */
    public synchronized List<MetadataEntry> applied() {
        return List.copyOf(applied);
    }

    /** Does what a real quorum would have done with it. */
    public void letThrough(Waiting held) {
        held.outcome()
                .complete(held.entry() == null ? new AppendOutcome.Applied(image().version()) : apply(held.entry()));
    }

    /** Somebody else's entry gets in first. */
    public synchronized AppendOutcome apply(MetadataEntry entry) {
        if (!basis.fits(entry)) {
            return new AppendOutcome.Mismatched(image().version());
        }
        basis = basis.after(entry.records());
        applied.add(entry);
        return new AppendOutcome.Applied(image().version());
    }

    @Override
    public Basis basis() {
        return basis;
    }

    @Override
    public CompletableFuture<AppendOutcome> append(MetadataEntry entry) {
        return handIn(new Waiting(entry, new CompletableFuture<>()));
    }

    @Override
    public CompletableFuture<AppendOutcome> confirm(long term) {
        return handIn(new Waiting(null, new CompletableFuture<>()));
    }

    private CompletableFuture<AppendOutcome> handIn(Waiting handedIn) {
        if (holding) {
            waiting.add(handedIn);
        } else {
            letThrough(handedIn);
        }
        return handedIn.outcome();
    }
}

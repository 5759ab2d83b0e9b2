package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.coordinator.control.ClusterLimits;
import io.naru.coordinator.control.DecisionContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One term of leadership: a single thread decides commands on speculative state (what is applied, and what is on its
 * way), combines those that wait into entries of up to {@link EntrySplitter#MAX_BYTES}, and keeps several entries on
 * their way at once. When one does not take effect as decided, it drops the speculation, lets the rest settle, and
 * decides what is left again on what is applied then. Everything but {@link #post} belongs to that thread; nothing
 * here survives a crash, and nothing has to.
 */
final class DecidingTerm implements Runnable {
    /** Entries on their way at once; with entries at their largest, half of what Ratis takes before it refuses. */
    static final int MAX_IN_FLIGHT = 16;

    private static final String LOST_LEADERSHIP =
            "This coordinator lost its leadership before the command was decided. Ask the new leader.";

    /** What reaches the deciding thread. */
    sealed interface Event {
        record Asked(PendingCommand<?> command) implements Event {}

        record Settled(Round round, AppendOutcome outcome) implements Event {}

        record Ended() implements Event {}
    }

    private final long term;
    private final MetadataQuorum quorum;
    private final ClusterLimits limits;
    private final Supplier<UUID> ids;
    private final DeciderObserver observer;
    private final Consumer<Throwable> onFailure;
    private final LinkedBlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
    private final Deque<PendingCommand<?>> waiting = new ArrayDeque<>();
    private final Deque<PendingCommand<?>> again = new ArrayDeque<>();
    private final Deque<Round> inFlight = new ArrayDeque<>();
    private final List<Event> events = new ArrayList<>();
    private List<PendingCommand<?>> deciding = List.of();
    private Basis speculative;
    private boolean broken;
    private boolean ended;

    /** @param onFailure told, on the deciding thread, of what ends the term unexpectedly; nothing is to be posted after */
    DecidingTerm(
            long term,
            MetadataQuorum quorum,
            ClusterLimits limits,
            Supplier<UUID> ids,
            DeciderObserver observer,
            Consumer<Throwable> onFailure) {
        this.term = term;
        this.quorum = quorum;
        this.limits = limits;
        this.ids = ids;
        this.observer = observer;
        this.onFailure = onFailure;
        this.speculative = quorum.basis();
    }

    /** Any thread: hands an event to the deciding thread. */
    void post(Event event) {
        inbox.add(event);
    }

    @Override
    public void run() {
        try {
            while (!ended || !inFlight.isEmpty()) {
                events.add(inbox.take());
                inbox.drainTo(events);
                events.forEach(this::receive);
                events.clear();
                answerSettled();
                decideWaiting();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            onFailure.accept(failure);
        } finally {
            failRest();
        }
    }

    private void receive(Event event) {
        switch (event) {
            case Event.Asked(PendingCommand<?> command) -> waiting.add(command);
            case Event.Settled(Round round, AppendOutcome outcome) -> round.settle(outcome);
            case Event.Ended() -> ended = true;
        }
    }

    /** Answers rounds in the order of the log, as far as they have settled without a gap. */
    private void answerSettled() {
        for (Round round = inFlight.peek(); round != null; round = inFlight.peek()) {
            AppendOutcome outcome = round.outcome();
            if (outcome == null) {
                return;
            }
            // Removed afterwards, so that whoever is not answered for a failure here is told of that.
            answer(round, outcome);
            inFlight.remove();
        }
        if (broken) {
            broken = false;
            speculative = quorum.basis();
            again.descendingIterator().forEachRemaining(waiting::addFirst);
            again.clear();
        }
    }

    private void answer(Round round, AppendOutcome outcome) {
        PendingCommand<?> continued = round.continued();
        switch (outcome) {
            case AppendOutcome.Applied(long version) -> {
                if (continued != null) {
                    continued.markPartlyApplied();
                }
                // Without an entry there was no version to check: what it was decided on may never have come true.
                boolean unfounded = broken && !round.isRecording();
                round.commands().forEach(command -> {
                    if (unfounded) {
                        decideAgain(command);
                    } else {
                        observer.applied(System.nanoTime() - command.enteredNanos());
                        command.complete(version);
                    }
                });
            }
            case AppendOutcome.Mismatched _ -> {
                dropSpeculation();
                round.commands().forEach(this::decideAgain);
            }
            case AppendOutcome.Refused(String reason) -> {
                dropSpeculation();
                round.commands().forEach(command -> fail(command, ErrorCode.COORDINATOR_UNAVAILABLE, reason));
            }
            case AppendOutcome.Unknown(String reason) -> {
                dropSpeculation();
                if (continued != null) {
                    continued.markPartlyApplied();
                }
                round.commands().forEach(command -> fail(command, ErrorCode.UNCONFIRMED, reason));
            }
        }
    }

    private void dropSpeculation() {
        if (!broken) {
            observer.decidedAgain();
        }
        broken = true;
    }

    private void decideAgain(PendingCommand<?> command) {
        if (command.isPartlyApplied()) {
            fail(
                    command,
                    ErrorCode.UNCONFIRMED,
                    "A part of this large change took effect before leadership was disturbed.");
        } else {
            command.putBack();
            again.add(command);
        }
    }

    private static void fail(PendingCommand<?> command, ErrorCode code, String reason) {
        command.fail(command.isPartlyApplied() ? ErrorCode.UNCONFIRMED : code, reason);
    }

    private void decideWaiting() {
        while (!broken && !ended && !waiting.isEmpty() && inFlight.size() < MAX_IN_FLIGHT) {
            decideRound();
        }
    }

    /** Decides as many waiting commands as fit into one entry, or one that needs several entries of its own. */
    private void decideRound() {
        long begin = System.nanoTime();
        var context = new DecisionContext(speculative.image().version() + 1, ids, limits);
        var splitter = new EntrySplitter();
        var commands = new ArrayList<PendingCommand<?>>();
        deciding = commands;
        ClusterImage state = speculative.image();
        while (!waiting.isEmpty()) {
            PendingCommand<?> next = waiting.peek();
            if (next.beginsEntry() && !splitter.isEmpty()) {
                break;
            }
            if (!next.take()) {
                waiting.remove();
                continue;
            }
            List<MetadataRecord> records = next.decide(state, context);
            if (!splitter.isEmpty() && !splitter.fits(records)) {
                next.putBack();
                break;
            }
            waiting.remove();
            commands.add(next);
            splitter.add(records);
            state = records.isEmpty() ? state : state.apply(records, state.version());
            if (splitter.isFull()) {
                break;
            }
        }
        observer.decided(commands.size(), System.nanoTime() - begin);
        if (!commands.isEmpty()) {
            send(commands, splitter.entries());
        }
        deciding = List.of();
    }

    private void send(List<PendingCommand<?>> commands, List<List<MetadataRecord>> entries) {
        if (entries.isEmpty()) {
            // Nothing to record; but the answer rests on the state, so it waits until that is known to be true.
            send(new Round(commands, null, false), null);
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            boolean last = i == entries.size() - 1;
            var entry = MetadataEntry.on(speculative, entries.get(i));
            speculative = speculative.after(entry.records());
            send(last ? new Round(commands, null, true) : new Round(List.of(), commands.getLast(), true), entry);
        }
    }

    private void send(Round round, @Nullable MetadataEntry entry) {
        inFlight.add(round);
        var outcome = entry == null ? quorum.confirm(term) : quorum.append(entry);
        var _ = outcome.whenComplete((settled, failure) -> post(new Event.Settled(
                round,
                failure == null
                        ? settled
                        : new AppendOutcome.Unknown("The quorum failed unexpectedly (" + failure
                                + "); the change may or may not have taken effect."))));
    }

    private void failRest() {
        String unknown = "This coordinator stopped deciding; whether the change took effect is unknown.";
        inFlight.forEach(round -> round.commands().forEach(c -> fail(c, ErrorCode.UNCONFIRMED, unknown)));
        deciding.forEach(command -> fail(command, ErrorCode.UNCONFIRMED, unknown));
        waiting.addAll(again);
        inbox.drainTo(events);
        events.forEach(this::receive);
        waiting.forEach(command -> fail(command, ErrorCode.COORDINATOR_UNAVAILABLE, LOST_LEADERSHIP));
    }
}

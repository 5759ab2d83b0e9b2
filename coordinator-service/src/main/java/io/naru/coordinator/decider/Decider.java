package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.coordinator.control.ClusterLimits;
import io.naru.coordinator.control.Command;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands while this coordinator leads, and has each term of leadership decided by a thread of its own. A term
 * begins by giving a new cluster its id and putting all leaderships in order. Thread-safe.
 */
public final class Decider implements Commands, QuorumListener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Decider.class.getName());
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final MetadataQuorum quorum;
    private final ClusterLimits limits;
    private final Supplier<UUID> ids;
    private final DeciderObserver observer;
    private final Object lock = new Object();
    private @Nullable DecidingTerm current;
    private long currentTerm;
    private @Nullable Thread thread;
    private volatile @Nullable Throwable failure;
    private boolean closed;

    /** @param ids source of the random ids that decisions need; called by the deciding thread */
    public Decider(MetadataQuorum quorum, ClusterLimits limits, Supplier<UUID> ids, DeciderObserver observer) {
        this.quorum = quorum;
        this.limits = limits;
        this.ids = ids;
        this.observer = observer;
    }

    @Override
    public void leading(long term, ClusterImage image) {
        synchronized (lock) {
            endTerm();
            if (closed) {
                return;
            }
            LOG.log(System.Logger.Level.INFO, "Leading since term {0}, at version {1}", term, image.version());
            failure = null;
            var begun = new DecidingTerm(term, quorum, limits, ids, observer, cause -> failed(term, cause));
            begun.post(new DecidingTerm.Event.Asked(pending(new Command.CreateCluster())));
            begun.post(new DecidingTerm.Event.Asked(pending(new Command.SettleLeaderships())));
            current = begun;
            currentTerm = term;
            thread = Thread.ofPlatform().daemon().name("decider-term-" + term).start(begun);
        }
    }

    @Override
    public void notLeading() {
        synchronized (lock) {
            endTerm();
        }
    }

    @Override
    public boolean isLeading() {
        synchronized (lock) {
            return current != null;
        }
    }

    /** What ended the newest term unexpectedly, so that nothing is decided until another begins; null if nothing did. */
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public <R> CompletableFuture<Committed<R>> submit(Command<R> command) {
        PendingCommand<R> pending = pending(command);
        enqueue(pending);
        return pending.answer();
    }

    @Override
    public <R> Committed<R> execute(Command<R> command, Duration limit) {
        PendingCommand<R> pending = pending(command);
        enqueue(pending);
        try {
            return pending.answer().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NaruException refusal
                    ? refusal
                    : new NaruException(ErrorCode.INTERNAL, "The command failed unexpectedly.", e);
        } catch (TimeoutException _) {
            throw tooLate(pending, limit);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw tooLate(pending, limit);
        }
    }

    /** Ends the term; commands under way get their outcome if it comes within five seconds. */
    @Override
    public void close() {
        Thread last;
        synchronized (lock) {
            closed = true;
            endTerm();
            last = thread;
        }
        if (last != null) {
            try {
                if (!last.join(STOP_LIMIT)) {
                    last.interrupt();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Nothing is posted to the term from here on: its thread answers what is there, and ends. */
    private void failed(long term, Throwable cause) {
        synchronized (lock) {
            if (current != null && currentTerm == term) {
                failure = cause;
                current = null;
            }
        }
        LOG.log(
                System.Logger.Level.ERROR,
                "Deciding failed in a way nobody foresaw; this coordinator decides nothing until the next election or its restart",
                cause);
    }

    private void endTerm() {
        if (current != null) {
            LOG.log(System.Logger.Level.INFO, "Leading no longer");
            current.post(new DecidingTerm.Event.Ended());
            current = null;
        }
    }

    private void enqueue(PendingCommand<?> pending) {
        // Under the lock, so that no command is posted behind the event that ends the term and never answered.
        synchronized (lock) {
            if (current != null) {
                current.post(new DecidingTerm.Event.Asked(pending));
                return;
            }
        }
        pending.fail(
                ErrorCode.COORDINATOR_UNAVAILABLE,
                "This coordinator does not lead the quorum now. Ask the others, or try again shortly.");
    }

    private static NaruException tooLate(PendingCommand<?> pending, Duration limit) {
        String within = "The quorum did not confirm the change within " + limit.toMillis() + " ms.";
        return pending.abandon()
                ? new NaruException(ErrorCode.COORDINATOR_UNAVAILABLE, within + " It was not begun.")
                : new NaruException(ErrorCode.TIMED_OUT, within + " It may still take effect.");
    }

    private static <R> PendingCommand<R> pending(Command<R> command) {
        return new PendingCommand<>(command, System.nanoTime());
    }
}

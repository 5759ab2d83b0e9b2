package io.naru.broker.api.v1.produce;

import io.naru.broker.partition.Acks;
import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Appends the batches of one request, all at once, and waits until each is settled or the deadline has passed. A batch
 * that is not settled by then counts as timed out, with an unknown outcome; its append goes on.
 */
final class Append {
    private static final Logger LOG = System.getLogger(Append.class.getName());

    private final List<Batch> batches;
    private final long timeoutMillis;
    private final ScheduledExecutorService thread;
    private final Runnable done;
    private final AtomicInteger pending;
    private final Future<?> deadline;

    private Append(List<Batch> batches, long timeoutMillis, ScheduledExecutorService thread, Runnable done) {
        this.batches = batches;
        this.timeoutMillis = timeoutMillis;
        this.thread = thread;
        this.done = done;
        this.pending = new AtomicInteger(batches.size());
        this.deadline = thread.schedule(this::giveUp, timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Appends each batch, encoded before, to its partition, in the order given, and returns without waiting. Batches whose partition
     * cannot be written are settled already and left alone, as are empty ones.
     *
     * @param thread where {@code done} runs, and where the deadline is kept; partitions' threads only hand over to it
     * @param done told once, when every batch is settled
     */
    static void start(
            List<Batch> batches, Acks acks, long timeoutMillis, ScheduledExecutorService thread, Runnable done) {
        List<Batch> writable = batches.stream().filter(Batch::isToBeAppended).toList();
        if (writable.isEmpty()) {
            thread.execute(done);
            return;
        }
        var append = new Append(writable, timeoutMillis, thread, done);
        for (Batch batch : writable) {
            append.append(batch, acks);
        }
    }

    private void append(Batch batch, Acks acks) {
        Partition target = Objects.requireNonNull(batch.target());
        target.append(batch.encoded(), acks)
                .whenComplete((@Nullable Appended at, @Nullable Throwable failure) -> settle(
                        batch,
                        at != null ? new Batch.Outcome.Stored(at) : new Batch.Outcome.Failed(refusalOf(failure))));
    }

    private void settle(Batch batch, Batch.Outcome outcome) {
        if (batch.settle(outcome) && pending.decrementAndGet() == 0) {
            deadline.cancel(false);
            thread.execute(done);
        }
    }

    private void giveUp() {
        for (Batch batch : batches) {
            settle(
                    batch,
                    new Batch.Outcome.Failed(new NaruException(
                            ErrorCode.TIMED_OUT,
                            "Partition %d did not confirm within %d ms. The records may or may not be stored."
                                    .formatted(batch.partition(), timeoutMillis))));
        }
    }

    private static NaruException refusalOf(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof NaruException refusal) {
            return refusal;
        }
        LOG.log(Level.ERROR, "An append failed in a way it should not", cause);
        return new NaruException(
                ErrorCode.INTERNAL,
                "Something failed inside the broker that should not have. Its log says what. The records may or may"
                        + " not be stored.");
    }
}

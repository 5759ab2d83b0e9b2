package io.naru.coordinator.decider;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.coordinator.control.Command;
import io.naru.coordinator.control.DecisionContext;
import io.naru.coordinator.control.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way. The deciding thread owns it, except that its caller may give up waiting; {@link #stage}
 * settles who was first.
 */
final class PendingCommand<R> {
    private enum Stage {
        /** Nothing of it was handed to the quorum. */
        WAITING,
        /** Its records may be in the log. */
        SUBMITTED,
        /** Its caller gave up before anything was handed to the quorum. */
        ABANDONED
    }

    private final Command<R> command;
    private final CompletableFuture<Committed<R>> answer = new CompletableFuture<>();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private final long enteredNanos;
    private @Nullable R response;
    private @Nullable NaruException refusal;
    private boolean partlyApplied;

    PendingCommand(Command<R> command, long enteredNanos) {
        this.command = command;
        this.enteredNanos = enteredNanos;
    }

    CompletableFuture<Committed<R>> answer() {
        return answer;
    }

    boolean beginsEntry() {
        return command.beginsEntry();
    }

    long enteredNanos() {
        return enteredNanos;
    }

    /** Takes the command for deciding; false when its caller has given up. */
    boolean take() {
        return stage.compareAndSet(Stage.WAITING, Stage.SUBMITTED);
    }

    /** Puts it back: whatever was submitted of it was surely not applied. */
    void putBack() {
        stage.set(Stage.WAITING);
    }

    /** The caller stops waiting; answers whether the command was stopped before it could have any effect. */
    boolean abandon() {
        return stage.compareAndSet(Stage.WAITING, Stage.ABANDONED);
    }

    /** Decides and keeps the answer for when the records are applied; a refusal has no records. */
    List<MetadataRecord> decide(ClusterImage state, DecisionContext context) {
        response = null;
        refusal = null;
        try {
            Result<R> result = command.decide(state, context);
            response = result.response();
            return result.records();
        } catch (NaruException e) {
            refusal = e;
        } catch (RuntimeException e) {
            System.getLogger(PendingCommand.class.getName())
                    .log(System.Logger.Level.ERROR, "Deciding failed unexpectedly; nothing was changed", e);
            refusal =
                    new NaruException(ErrorCode.INTERNAL, "The decision failed unexpectedly; nothing was changed.", e);
        }
        return List.of();
    }

    void markPartlyApplied() {
        partlyApplied = true;
    }

    boolean isPartlyApplied() {
        return partlyApplied;
    }

    /** What it was decided on is applied. */
    void complete(long version) {
        R decided = response;
        if (refusal != null) {
            answer.completeExceptionally(refusal);
        } else if (decided != null) {
            answer.complete(new Committed<>(decided, version));
        }
    }

    void fail(ErrorCode code, String detail) {
        answer.completeExceptionally(new NaruException(code, detail));
    }
}

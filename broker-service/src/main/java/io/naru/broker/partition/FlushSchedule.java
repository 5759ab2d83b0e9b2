package io.naru.broker.partition;

import io.naru.broker.runtime.Loop;
import io.naru.broker.runtime.Timers;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.ForceListener;
import io.naru.commitlog.GroupCommit;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * When one partition's log is forced: as soon as {@code flush.messages} records are not on disk, else {@code flush.ms}
 * after the first of them. Confined to the partition's loop; group commit answers on a thread of its round, and the
 * timer rings on one of its own, and both only post to the loop. Nothing of it survives a crash: recovery forces what
 * it keeps.
 */
final class FlushSchedule implements ForceListener {
    private static final Logger LOG = System.getLogger(FlushSchedule.class.getName());
    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    private final CommitLog log;
    private final PartitionState state;
    private final Loop loop;
    private final GroupCommit commits;
    private final Timers timers;
    private final Outcome outcome;

    private Timers.@Nullable Timer timer;

    /** Written by the rounds, one after the other, and by the loop. */
    private volatile long endTold = -1;

    /** Who acts on a force; called on the loop. */
    interface Outcome {
        /** All below {@code end} is on disk. */
        void forced(long end);

        /** The force failed, and the log is fenced for good. */
        void forceFailed(IOException cause);
    }

    FlushSchedule(CommitLog log, PartitionState state, Loop loop, PartitionRuntime runtime, Outcome outcome) {
        this.log = log;
        this.state = state;
        this.loop = loop;
        this.commits = runtime.commits();
        this.timers = runtime.timers();
        this.outcome = outcome;
    }

    /** Asks for a force now or later, as {@code settings} say; call after each append. */
    void appended(TopicSettings settings) {
        if (state.unforcedRecords() >= settings.forceEvery()) {
            force();
        } else if (timer == null && settings.flushMillis() != Long.MAX_VALUE) {
            timer = timers.after(delay(settings), () -> post(this::ring));
        }
    }

    /** Starts anew after a change of configs: forces now, and says so even if all is on disk. */
    void restart() {
        stop();
        endTold = -1;
        force();
    }

    /** Lets the timer be. A force that was asked for goes on, and its outcome is still told. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    @Override
    public void forced(CommitLog forcedLog, long forcedEndOffset) {
        // One round answers each append that asked for it; the first answer says all.
        if (forcedEndOffset <= endTold) {
            return;
        }
        endTold = forcedEndOffset;
        post(() -> outcome.forced(forcedEndOffset));
    }

    @Override
    public void failed(CommitLog failedLog, IOException cause) {
        LOG.log(Level.ERROR, () -> "Forcing %s failed; it takes no more writes".formatted(log.name()), cause);
        post(() -> outcome.forceFailed(cause));
    }

    private void ring() {
        timer = null;
        if (state.hasUnforced()) {
            force();
        }
    }

    private void force() {
        commits.request(log, this);
    }

    private static Duration delay(TopicSettings settings) {
        return Duration.ofMillis(Math.min(settings.flushMillis(), LONGEST_DELAY.toMillis()));
    }

    /** Posts from threads that outlive the loop at shutdown, when there is nothing left to tell. */
    private void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "The broker is stopping", e);
        }
    }
}

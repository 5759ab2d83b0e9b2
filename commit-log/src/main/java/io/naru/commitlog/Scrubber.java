package io.naru.commitlog;

import io.naru.commitlog.damage.DamageReports;
import io.naru.commitlog.disk.PrivateThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Looks for damage in the files of one directory that nobody reads, again and again, on a thread of its own and no faster
 * than it may. What it finds is in the directory's {@link LogDirectory#damages}. A pass begins with any of the logs, so
 * that a process that never lives for a whole one leaves none out for ever. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Scrubber.class.getName());
    /** So that a start is not made slower. */
    private static final Duration LONGEST_FIRST_WAIT = Duration.ofMinutes(1);

    private final Path root;
    private final OpenLogs logs;
    private final DamageReports damages;
    private final Check directoryCheck;
    private @Nullable Thread thread;
    private volatile @Nullable ScrubPace pace;
    private volatile int logCount;
    private final AtomicInteger logsDone = new AtomicInteger();
    private volatile boolean running;
    private final LongAdder passes = new LongAdder();
    private volatile @Nullable Instant lastPassEnded;
    private boolean closed;

    /** A look at some files. */
    interface Check {
        void run() throws IOException;
    }

    Scrubber(Path root, OpenLogs logs, DamageReports damages, Check directoryCheck) {
        this.root = root;
        this.logs = logs;
        this.damages = damages;
        this.directoryCheck = directoryCheck;
    }

    /**
     * Begins; to be called once.
     *
     * @param interval between two passes, from the end of one to the beginning of the next
     * @param bytesPerSecond to read at most, at least 1
     */
    public synchronized void start(Duration interval, long bytesPerSecond) {
        if (closed || thread != null) {
            throw new IllegalStateException("The scrubber of " + root + " was started or closed before");
        }
        ScrubPace own = new ScrubPace(bytesPerSecond);
        pace = own;
        thread = Thread.ofPlatform()
                .daemon(true)
                .name("log-scrubber " + root)
                .start(PrivateThreads.shielded(() -> run(interval, own)));
    }

    /** How far it is. */
    public Progress progress() {
        ScrubPace own = pace;
        return new Progress(
                running, logCount, logsDone.get(), own == null ? 0 : own.bytesRead(), passes.sum(), lastPassEnded);
    }

    /**
     * How far a scrubber is, at one moment.
     *
     * @param running whether a pass is under way
     * @param logs to be looked at in this pass, or the last one
     * @param logsDone of these
     * @param bytesRead of segments, since the process began
     * @param passes that came to their end since the process began
     * @param lastPassEnded when the last of them did; null if none has
     */
    public record Progress(
            boolean running,
            int logs,
            int logsDone,
            long bytesRead,
            long passes,
            @Nullable Instant lastPassEnded) {}

    /** Ends it, and returns once it touches no file any more. */
    @Override
    public void close() {
        Thread started;
        synchronized (this) {
            closed = true;
            started = thread;
        }
        ScrubPace own = pace;
        if (own != null && started != null) {
            own.end();
            PrivateThreads.join(started);
        }
    }

    private void run(Duration interval, ScrubPace own) {
        Duration wait = interval.compareTo(LONGEST_FIRST_WAIT) < 0 ? interval : LONGEST_FIRST_WAIT;
        try {
            while (true) {
                own.pause(wait.toNanos());
                pass(own);
                wait = interval;
            }
        } catch (ScrubPace.EndedException _) {
            // As it should be.
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "The scrubber of " + root + " broke off; damage is found no more", e);
        } finally {
            running = false;
        }
    }

    private void pass(ScrubPace own) throws ScrubPace.EndedException {
        List<CommitLog> all = new ArrayList<>();
        logs.forEach((name, log) -> all.add(log));
        Collections.shuffle(all);
        logCount = all.size();
        logsDone.set(0);
        running = true;
        Instant began = Instant.now();
        for (CommitLog log : all) {
            check("log " + log.name(), () -> log.scrub(own));
            logsDone.incrementAndGet();
        }
        check("the directory", directoryCheck);
        running = false;
        lastPassEnded = Instant.now();
        passes.increment();
        LOG.log(
                System.Logger.Level.INFO,
                "Looked for damage in {0} logs in {1} in {2} s; {3} places are damaged",
                all.size(),
                root,
                Duration.between(began, Instant.now()).toSeconds(),
                damages.count());
    }

    /** What cannot be looked at keeps nothing else from being. */
    private void check(String what, Check check) throws ScrubPace.EndedException {
        try {
            check.run();
        } catch (ScrubPace.EndedException e) {
            throw e;
        } catch (LogClosedException _) {
            // Deleted meanwhile.
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Not all of " + what + " in " + root + " could be looked at", e);
        }
    }
}

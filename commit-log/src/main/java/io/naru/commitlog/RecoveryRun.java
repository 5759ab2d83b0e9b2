package io.naru.commitlog;

import io.naru.commitlog.disk.PrivateThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Opens all logs of a directory, several at a time, and tells how far it is. First it asks how much there is to read, so
 * that what it tells is worth something. A log that cannot be opened keeps no other from being opened.
 */
final class RecoveryRun {
    private static final System.Logger LOG = System.getLogger(RecoveryRun.class.getName());
    private static final long TELL_EVERY_NANOS = 2_000_000_000L;

    private final Path root;
    private final List<String> names;
    private final AtomicInteger done = new AtomicInteger();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder scanned = new LongAdder();
    private final long beganNanos = System.nanoTime();
    private final AtomicLong toldNanos = new AtomicLong(beganNanos);
    private volatile boolean running = true;
    private volatile boolean ended;

    /** What is done to each log. */
    interface Step {
        void on(String name) throws IOException;
    }

    RecoveryRun(Path root, List<String> names) {
        this.root = root;
        this.names = names;
    }

    /** Begins with no further log. */
    void end() {
        ended = true;
    }

    /** Where the bytes that are read are counted. */
    LongAdder scanned() {
        return scanned;
    }

    RecoveryProgress progress() {
        long toRead = bytes.sum();
        return new RecoveryProgress(running, names.size(), done.get(), toRead, Math.min(toRead, scanned.sum()));
    }

    /**
     * Runs, and returns when it is over, was {@linkplain #end ended} or the directory is closed.
     *
     * @param threads that work at the same time; with 1, in the order of the names
     * @return whether every log was opened
     */
    boolean run(LogOpener opener, Step open, int threads) {
        try {
            forEach(threads, name -> bytes.add(opener.bytesToScan(name)), "looked at");
            forEach(
                    threads,
                    name -> {
                        open.on(name);
                        done.incrementAndGet();
                        tellNowAndThen();
                    },
                    "opened");
            if (!names.isEmpty()) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "Recovered the logs in {0}: {1}, in {2} ms",
                        root,
                        progress(),
                        Long.toString((System.nanoTime() - beganNanos) / 1_000_000));
            }
            return done.get() == names.size();
        } finally {
            running = false;
        }
    }

    private void forEach(int threads, Step step, String what) {
        Iterator<String> queue = names.iterator();
        Runnable work = () -> {
            while (true) {
                String name;
                synchronized (queue) {
                    if (ended || !queue.hasNext()) {
                        return;
                    }
                    name = queue.next();
                }
                try {
                    step.on(name);
                } catch (LogClosedException _) {
                    return;
                } catch (IOException | RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "Log " + name + " in " + root + " could not be " + what, e);
                }
            }
        };
        // Not on this thread, which somebody may interrupt.
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, names.size()); i++) {
            workers.add(
                    Thread.ofPlatform().name("log-recovery-" + i).daemon(true).start(PrivateThreads.shielded(work)));
        }
        workers.forEach(PrivateThreads::join);
    }

    private void tellNowAndThen() {
        long now = System.nanoTime();
        long told = toldNanos.get();
        if (now - told > TELL_EVERY_NANOS && toldNanos.compareAndSet(told, now)) {
            LOG.log(System.Logger.Level.INFO, "Recovering the logs in {0}: {1}", root, progress());
        }
    }
}

package io.naru.commitlog;

import io.naru.commitlog.disk.PrivateThreads;
import io.naru.commitlog.disk.TooManyOpenFilesException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forces the logs of one disk in rounds. A request starts a round at once when none runs; while one runs, requests
 * gather for the next, so that a single force answers all that waited for a log. Under load a round waits a little for
 * those whom the last one answered: see {@link RoundPacer}. Thread-safe.
 */
public final class GroupCommit {
    private static final System.Logger LOG = System.getLogger(GroupCommit.class.getName());

    private static final long RETRY_NANOS = 50_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Condition enough = lock.newCondition();
    private final RoundPacer pacer = new RoundPacer();
    private Map<CommitLog, List<ForceListener>> waiting = new LinkedHashMap<>();
    private int waitingCount;
    private int wanted = Integer.MAX_VALUE;
    private boolean running;
    private volatile boolean closed;

    GroupCommit() {}

    /**
     * Forces everything that is in {@code log} now and tells the listener, on another thread. Once this is closed the
     * listener is told of the failure at once, on the caller's thread.
     */
    public void request(CommitLog log, ForceListener listener) {
        if (!enqueue(log, listener)) {
            listener.failed(log, new LogClosedException("The log directory is closed; nothing can be forced any more"));
        }
    }

    private boolean enqueue(CommitLog log, ForceListener listener) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (!running) {
                // It waits for the lock; if it cannot be started, nothing has changed.
                PrivateThreads.start("group-commit", this::runRounds);
                pacer.ended(0, 0, 0);
                running = true;
            }
            waiting.computeIfAbsent(log, _ -> new ArrayList<>()).add(listener);
            waitingCount++;
            if (waitingCount >= wanted) {
                enough.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more requests and returns once all earlier ones are answered. */
    void close() {
        lock.lock();
        try {
            closed = true;
            enough.signal();
            while (running) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void runRounds() {
        while (true) {
            Map<CommitLog, List<ForceListener>> round;
            int requests;
            lock.lock();
            try {
                waitForMore();
                if (waiting.isEmpty()) {
                    running = false;
                    idle.signalAll();
                    return;
                }
                round = waiting;
                requests = waitingCount;
                waiting = new LinkedHashMap<>();
                waitingCount = 0;
            } finally {
                lock.unlock();
            }
            long began = System.nanoTime();
            try {
                runRound(round);
            } catch (Throwable e) {
                // Else nobody would be answered any more, and closing would wait for ever.
                LOG.log(System.Logger.Level.ERROR, "A round of forces broke off; the next one follows", e);
            }
            long ended = System.nanoTime();
            pacer.ended(requests, ended - began, ended);
        }
    }

    /** Under the lock. Whoever asks while nothing runs has a round begun at once: its thread has nobody to wait for. */
    private void waitForMore() {
        while (!closed) {
            long nanos = pacer.pause(waitingCount, System.nanoTime());
            if (nanos == 0) {
                return;
            }
            wanted = pacer.wanted();
            try {
                enough.awaitNanos(nanos);
            } catch (InterruptedException e) {
                throw new IllegalStateException("Somebody interrupts a thread that nobody knows", e);
            } finally {
                wanted = Integer.MAX_VALUE;
            }
        }
    }

    private void runRound(Map<CommitLog, List<ForceListener>> round) {
        if (round.size() == 1) {
            round.forEach(this::force);
            return;
        }
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(GroupCommit::thread)) {
            round.forEach((log, listeners) -> {
                try {
                    threads.execute(() -> force(log, listeners));
                } catch (Throwable e) {
                    tellFailed(log, listeners, brokenOff(log, e));
                }
            });
        }
    }

    private static Thread thread(Runnable task) {
        return Thread.ofVirtual().name("group-commit").unstarted(PrivateThreads.shielded(task));
    }

    private void force(CommitLog log, List<ForceListener> listeners) {
        long end;
        try {
            end = forceWhenPossible(log);
        } catch (IOException e) {
            tellFailed(log, listeners, e);
            return;
        } catch (Throwable e) {
            // Whatever it was, somebody waits for an answer.
            tellFailed(log, listeners, brokenOff(log, e));
            return;
        }
        for (ForceListener listener : listeners) {
            tell(log, () -> listener.forced(log, end));
        }
        if (log.hasUnsealed()) {
            // Nobody waits for indexes, the next round least of all.
            PrivateThreads.start("seal " + log.name(), log::sealFinished);
        }
    }

    /** As {@link CommitLog#forceOnly}; where no file can be opened, nothing has failed yet, and it is tried again. */
    private long forceWhenPossible(CommitLog log) throws IOException {
        while (true) {
            try {
                return log.forceOnly();
            } catch (TooManyOpenFilesException e) {
                if (closed) {
                    throw e;
                }
                LOG.log(System.Logger.Level.WARNING, "Log " + log.name() + " is to be forced and waits for a file", e);
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private static void tellFailed(CommitLog log, List<ForceListener> listeners, IOException failure) {
        for (ForceListener listener : listeners) {
            tell(log, () -> listener.failed(log, failure));
        }
    }

    private static IOException brokenOff(CommitLog log, Throwable e) {
        return new IOException("Forcing log " + log.name() + " broke off: " + e, e);
    }

    /** One listener's failure, an error included, is no other listener's. */
    private static void tell(CommitLog log, Runnable message) {
        try {
            message.run();
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "A listener waiting for a force of log " + log.name() + " failed", e);
        }
    }
}

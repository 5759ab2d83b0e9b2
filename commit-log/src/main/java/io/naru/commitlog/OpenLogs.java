package io.naru.commitlog;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The logs of a directory that are open, each once. Thread-safe; what is done to one log does not wait for what is done
 * to another.
 */
final class OpenLogs {
    private static final System.Logger LOG = System.getLogger(OpenLogs.class.getName());
    /** For logs that are recovered before anybody says what theirs is. */
    private static final LogConfig UNTIL_OPENED = new LogConfig(1 << 30, Long.MAX_VALUE, 4096);

    /** Each has a few files open that nobody may close before they are forced. */
    private static final int CLOSED_AT_ONCE = 24;

    private final LogOpener opener;
    private final ConcurrentMap<String, Place> places = new ConcurrentHashMap<>();
    private volatile boolean failed;
    private volatile boolean closed;

    OpenLogs(LogOpener opener) {
        this.opener = opener;
    }

    /** Some change to the files of a log. */
    interface Change {
        void make() throws IOException;
    }

    /** Opens a log for a user; the first one's config holds. */
    CommitLog open(String name, LogConfig config) throws IOException {
        while (true) {
            Place place = places.computeIfAbsent(name, _ -> new Place());
            synchronized (place) {
                if (place.gone) {
                    continue;
                }
                CommitLog log = opened(place, name, config, new LongAdder());
                if (!place.handedOut) {
                    place.handedOut = true;
                    log.reconfigure(config);
                }
                return log;
            }
        }
    }

    /** Opens a log that nobody has asked for yet, if it is not open. */
    void recover(String name, LongAdder scanned) throws IOException {
        Place place = places.computeIfAbsent(name, _ -> new Place());
        synchronized (place) {
            if (!place.gone) {
                opened(place, name, UNTIL_OPENED, scanned);
            }
        }
    }

    private CommitLog opened(Place place, String name, LogConfig config, LongAdder scanned) throws IOException {
        if (closed) {
            throw new LogClosedException("The directory of log " + name + " is closed");
        }
        CommitLog log = place.log;
        if (log == null) {
            try {
                log = opener.open(name, config, place.openingFailed, scanned);
            } catch (IOException e) {
                place.openingFailed = true;
                failed = true;
                throw e;
            }
            place.log = log;
        }
        return log;
    }

    /** Closes a log where open and lets its files be deleted; nobody opens it meanwhile. */
    void delete(String name, Change deletion) throws IOException {
        Place place = places.computeIfAbsent(name, _ -> new Place());
        synchronized (place) {
            CommitLog log = place.log;
            if (log != null) {
                log.close();
            }
            deletion.make();
            place.gone = true;
            places.remove(name, place);
        }
    }

    boolean isOpen(String name) {
        Place place = places.get(name);
        return place != null && place.log != null;
    }

    /** Whether some log could not be opened, so that nobody knows what its disk holds. */
    boolean hasFailed() {
        return failed;
    }

    /** How many logs take no writes any more because the disk failed under them. */
    int fencedCount() {
        int[] count = {0};
        forEach((_, log) -> {
            if (log.state() instanceof LogState.Fenced) {
                count[0]++;
            }
        });
        return count[0];
    }

    void forEach(BiConsumer<String, CommitLog> visitor) {
        places.forEach((name, place) -> {
            CommitLog log = place.log;
            if (log != null) {
                visitor.accept(name, log);
            }
        });
    }

    /**
     * Forces and closes all logs, many at a time since most of it is waiting; none is opened any more.
     *
     * @return whether each was in order
     */
    boolean close() {
        closed = true;
        AtomicBoolean sound = new AtomicBoolean(true);
        Semaphore atOnce = new Semaphore(CLOSED_AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Place place : places.values()) {
                threads.execute(() -> {
                    atOnce.acquireUninterruptibly();
                    try {
                        if (!place.closeLog()) {
                            sound.set(false);
                        }
                    } finally {
                        atOnce.release();
                    }
                });
            }
        }
        return sound.get();
    }

    private static boolean closeInOrder(CommitLog log) {
        try {
            log.forceAndSeal();
            return log.isSound();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Log " + log.name() + " was not closed in order", e);
            return false;
        } finally {
            closeQuietly(log);
        }
    }

    private static void closeQuietly(CommitLog log) {
        try {
            log.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "A file of log " + log.name() + " could not be closed", e);
        }
    }

    /** Where a log of one name is or may come to be; its monitor is held while that changes. */
    private static final class Place {
        private volatile @Nullable CommitLog log;
        private boolean handedOut;
        private boolean openingFailed;
        private boolean gone;

        synchronized boolean closeLog() {
            CommitLog open = log;
            return open == null || closeInOrder(open);
        }
    }
}

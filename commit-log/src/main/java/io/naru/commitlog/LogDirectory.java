package io.naru.commitlog;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One data directory and the logs in it, held by one process at a time. Thread-safe; logs of different names open and
 * recover in parallel.
 *
 * <pre>
 * naru.lock      locked while open
 * naru-format    version of all this, and the directory's id
 * naru-boot      the host's run in which bytes were last written
 * naru-clean     there only while nobody has it open and the last close was complete
 * logs/NAME/     a log: its segments
 * deleted/       logs on their way out
 * </pre>
 */
public final class LogDirectory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogDirectory.class.getName());
    private static final int SETTLING_INDEX_INTERVAL_BYTES = 4096;

    private final Path root;
    private final Closeable lock;
    private final DirectoryFiles files;
    private final LogFolders folders;
    private final FreeSpace space;
    private final UUID directoryId;
    private final boolean startedClean;
    private final boolean hostRestarted;
    /** Some log could not be recovered after the host's restart, which is therefore not over for it. */
    private final boolean unsettled;

    private final GroupCommit groupCommit = new GroupCommit();
    private final ConcurrentMap<String, LogRecovery.Recovered> settled = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Place> places = new ConcurrentHashMap<>();
    /** Some log could not be opened; nobody knows what its disk holds. */
    private volatile boolean openingFailed;

    private volatile boolean closed;

    private LogDirectory(Disk disk, Path root, long minFreeBytes, Closeable lock) throws IOException {
        this.root = root;
        this.lock = lock;
        this.files = new DirectoryFiles(disk, root);
        this.folders = new LogFolders(disk, root);
        this.space = new FreeSpace(disk, root, minFreeBytes);
        this.directoryId = files.directoryId();
        folders.prepare();
        List<String> names = folders.names();
        this.hostRestarted = files.hostRestarted();
        this.startedClean = files.takeCleanMark();
        if (!startedClean) {
            folders.forceEntries();
        }
        this.unsettled = !startedClean && hostRestarted && !settle(names);
        if (!unsettled) {
            noteBoot();
        }
    }

    /**
     * Opens the directory with nothing of the disk kept free.
     *
     * @throws LogDirectoryException as {@link #open(Disk, Path, long)} does
     */
    public static LogDirectory open(Disk disk, Path root) throws IOException {
        return open(disk, root, 0);
    }

    /**
     * Opens the directory, which is made if it is missing, and keeps others out until {@link #close}.
     *
     * @param minFreeBytes its logs take no appends while the disk has less room; 0 for as long as there is any, or
     *     {@link FreeSpace#BY_SIZE_OF_DISK}
     * @throws LogDirectoryException if it cannot be used; the reason says why
     */
    public static LogDirectory open(Disk disk, Path root, long minFreeBytes) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        Closeable lock = new DirectoryFiles(disk, absolute).lock();
        try {
            return new LogDirectory(disk, absolute, minFreeBytes, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Where it lies. */
    public Path path() {
        return root;
    }

    /** The room on its disk. */
    public FreeSpace space() {
        return space;
    }

    /** Made once with the directory; tells an emptied or replaced one from the one that was here before. */
    public UUID directoryId() {
        return directoryId;
    }

    /** Whether the process that had it last closed it in order. */
    public boolean startedClean() {
        return startedClean;
    }

    /** Whether the host has restarted since the directory was last open, and with it the page cache was lost. */
    public boolean hostRestarted() {
        return hostRestarted;
    }

    /** What forces the logs of this directory in common rounds. */
    public GroupCommit groupCommit() {
        return groupCommit;
    }

    /**
     * Opens a log, which is made if it is missing, and recovers it where the last end was not clean; a second call
     * answers the same log. Look at its {@link CommitLog#state} before relying on it.
     *
     * @param name a relative path of plain names, for instance {@code orders/0}; none may be the folder of another
     * @throws IllegalArgumentException if the name is none
     */
    public CommitLog openLog(String name, LogConfig config) throws IOException {
        while (true) {
            Place place = places.computeIfAbsent(name, _ -> new Place());
            synchronized (place) {
                checkOpen();
                if (place.gone) {
                    continue;
                }
                CommitLog log = place.log;
                if (log == null) {
                    log = recover(place, name, config);
                    place.log = log;
                }
                return log;
            }
        }
    }

    /** The names of all logs here, opened or not, in order. */
    public List<String> logNames() throws IOException {
        return folders.names();
    }

    /**
     * Closes a log where open and deletes it: in one step out of sight, so that no half of it is ever taken for a log.
     * Does nothing if there is none.
     */
    public void deleteLog(String name) throws IOException {
        Place place = places.computeIfAbsent(name, _ -> new Place());
        synchronized (place) {
            checkOpen();
            if (place.log != null) {
                place.log.close();
            }
            closeSettled(name);
            folders.delete(name);
            place.gone = true;
            places.remove(name, place);
        }
    }

    /**
     * Forces all logs, writes their indexes, closes them and leaves the mark of a clean end. The mark stays away if any
     * log is not in order, could not be opened, or was not looked at since an end that was not clean, and if any of
     * this fails; the next opening then reads more. Nobody may append any more.
     */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        groupCommit.close();
        try {
            boolean sound = !openingFailed && everyLogIsKnown();
            sound &= closeLogs();
            for (String name : settled.keySet()) {
                sound &= closeSettled(name);
            }
            if (sound) {
                files.leaveCleanMark();
            }
        } finally {
            lock.close();
        }
    }

    /** Whether each log was closed in order the last time or recovered since. */
    private boolean everyLogIsKnown() {
        if (startedClean) {
            return true;
        }
        try {
            return folders.names().stream().allMatch(name -> settled.containsKey(name) || isOpen(name));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The logs in " + root + " could not be listed", e);
            return false;
        }
    }

    private boolean isOpen(String name) {
        Place place = places.get(name);
        return place != null && place.holdsLog();
    }

    /** Closes all logs, many at a time since most of it is waiting; answers whether each was in order. */
    private boolean closeLogs() {
        AtomicBoolean sound = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Place place : places.values()) {
                threads.execute(() -> {
                    if (!place.closeLog()) {
                        sound.set(false);
                    }
                });
            }
        }
        return sound.get();
    }

    private static boolean closeLog(CommitLog log) {
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

    /**
     * After a restart of the host all logs are recovered at once, whoever will open them: only until the new run of the
     * host is noted can it be told that unforced writes were lost.
     *
     * @return whether every log could be
     */
    private boolean settle(List<String> names) {
        boolean all = true;
        for (String name : names) {
            try {
                LogRecovery recovery =
                        new LogRecovery(folders.folder(name), false, true, SETTLING_INDEX_INTERVAL_BYTES);
                settled.put(name, recovery.run());
            } catch (IOException | RuntimeException e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "Log " + name + " could not be recovered after the host's restart",
                        e);
                all = false;
            }
        }
        return all;
    }

    /** Closes what was recovered and not opened since; answers whether all was in order with it. */
    private boolean closeSettled(String name) throws IOException {
        LogRecovery.Recovered recovered = settled.remove(name);
        if (recovered == null) {
            return true;
        }
        for (Segment segment : recovered.segments()) {
            segment.close();
        }
        return recovered.damage().isEmpty();
    }

    private void noteBoot() {
        try {
            files.noteBoot();
        } catch (IOException e) {
            // A full disk must not keep a log from being read; the next start takes the host for restarted once more.
            LOG.log(System.Logger.Level.WARNING, "The run of the host could not be noted in " + root, e);
        }
    }

    private CommitLog recover(Place place, String name, LogConfig config) throws IOException {
        boolean clean = startedClean && !place.openingFailed;
        try {
            SegmentFolder folder = folders.folder(name);
            LogRecovery.Recovered recovered = settled.remove(name);
            if (recovered == null) {
                recovered = new LogRecovery(folder, clean, unsettled, config.indexIntervalBytes()).run();
            }
            return new CommitLog(folder, name, config, space, recovered);
        } catch (IOException e) {
            place.openingFailed = true;
            openingFailed = true;
            throw e;
        }
    }

    private void checkOpen() throws LogClosedException {
        if (closed) {
            throw new LogClosedException("The log directory " + root + " is closed");
        }
    }

    /** Where a log of one name is or may come to be; its monitor is held while that changes. */
    private static final class Place {
        private @Nullable CommitLog log;
        private boolean openingFailed;
        private boolean gone;

        synchronized boolean holdsLog() {
            return log != null;
        }

        synchronized boolean closeLog() {
            return log == null || LogDirectory.closeLog(log);
        }
    }
}

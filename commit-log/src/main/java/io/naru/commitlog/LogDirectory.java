package io.naru.commitlog;

import io.naru.commitlog.damage.DamageReports;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.producer.ProducerLimits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
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
 * naru-directories
 *                only if there are others: which ones belong together
 * naru-recovery-points
 *                how far the logs have been forced, noted every few seconds
 * logs/NAME/     a log: its segments
 * deleted/       logs on their way out
 * </pre>
 */
public final class LogDirectory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogDirectory.class.getName());
    /** Most indexes written at one checkpoint, so that a thousand logs that come to rest don't keep the disk busy. */
    private static final int SEALS_AT_ONCE = 64;

    private final Path root;
    private final Closeable lock;
    private final DirectoryFiles files;
    private final LogFolders folders;
    private final DamageReports damages = new DamageReports();
    private final FreeSpace space;
    private final UUID directoryId;
    private final List<String> namesAtOpening;
    private final boolean startedClean;
    private final boolean hostRestarted;
    private final RecoveryPoints points;
    private final LogOpener opener;
    private final OpenLogs logs;
    private final GroupCommit groupCommit = new GroupCommit();

    private final Scrubber scrubber;

    private volatile @Nullable RecoveryRun recovery;
    private volatile @Nullable String problem;
    private volatile boolean closed;

    private LogDirectory(Disk disk, Path root, long minFreeBytes, ProducerLimits producers, Closeable lock)
            throws IOException {
        this.root = root;
        this.lock = lock;
        this.files = new DirectoryFiles(disk, root);
        this.folders = new LogFolders(disk, root, damages);
        this.space = new FreeSpace(disk, root, minFreeBytes);
        this.directoryId = files.directoryId();
        folders.prepare();
        this.namesAtOpening = List.copyOf(folders.names());
        this.hostRestarted = files.hostRestarted();
        this.points = new RecoveryPoints(files, damages);
        this.startedClean = files.takeCleanMark();
        this.opener = new LogOpener(folders, space, startedClean, hostRestarted && !startedClean, points, producers);
        this.logs = new OpenLogs(opener);
        this.scrubber = new Scrubber(root, logs, damages, this::checkFiles);
        if (!startedClean) {
            folders.forceEntries();
        }
        if (startedClean || !hostRestarted) {
            noteBoot();
        }
    }

    /**
     * Opens the directory with nothing of the disk kept free.
     *
     * @throws LogDirectoryException as {@link #open(Disk, Path, long, ProducerLimits)} does
     */
    public static LogDirectory open(Disk disk, Path root) throws IOException {
        return open(disk, root, 0);
    }

    /**
     * Opens the directory with the default limits for producers.
     *
     * @throws LogDirectoryException as {@link #open(Disk, Path, long, ProducerLimits)} does
     */
    public static LogDirectory open(Disk disk, Path root, long minFreeBytes) throws IOException {
        return open(disk, root, minFreeBytes, ProducerLimits.DEFAULT);
    }

    /**
     * Opens the directory, which is made if it is missing, and keeps others out until {@link #close}.
     *
     * @param minFreeBytes its logs take no appends while the disk has less room; 0 for as long as there is any, or
     *     {@link FreeSpace#BY_SIZE_OF_DISK}
     * @param producers how many of those who write it each log remembers, and for how long
     * @throws LogDirectoryException if it cannot be used; the reason says why
     */
    public static LogDirectory open(Disk disk, Path root, long minFreeBytes, ProducerLimits producers)
            throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        Closeable lock = new DirectoryFiles(disk, absolute).lock();
        try {
            return new LogDirectory(disk, absolute, minFreeBytes, producers, lock);
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
     * Recovers all logs there are, several at a time, so that {@link #openLog} has them at once; returns when that is
     * done. To be called once before any log is opened: after a restart of the host, only until the new run of the
     * host is noted can it be told that unforced writes were lost, and it is noted when all logs have been recovered. A
     * log that cannot be is reported, keeps no other from it, and is tried again by {@link #openLog}.
     *
     * @param threads that work at the same time, at least 1
     */
    public void recoverAll(int threads) throws IOException {
        checkOpen();
        RecoveryRun run = new RecoveryRun(root, namesAtOpening);
        recovery = run;
        boolean all = run.run(
                opener,
                name -> {
                    checkOpen();
                    logs.recover(name, run.scanned());
                },
                threads);
        if (all && !startedClean && hostRestarted) {
            noteBoot();
        }
    }

    /** Lets {@link #recoverAll} end with the logs it has begun with. Never blocks. */
    public void endRecovery() {
        RecoveryRun run = recovery;
        if (run != null) {
            run.end();
        }
    }

    /** How far {@link #recoverAll} is. Never blocks. */
    public RecoveryProgress recoveryProgress() {
        RecoveryRun run = recovery;
        return run == null ? RecoveryProgress.NOT_BEGUN : run.progress();
    }

    /**
     * Opens a log, which is made if it is missing, and recovers it where the last end was not clean; a second call
     * answers the same log. Look at its {@link CommitLog#state} before relying on it.
     *
     * @param name a relative path of plain names, for instance {@code orders/0}; none may be the folder of another
     * @throws IllegalArgumentException if the name is none
     */
    public CommitLog openLog(String name, LogConfig config) throws IOException {
        checkOpen();
        return logs.open(name, config);
    }

    /**
     * Notes how far every log has been forced, so that after a crash recovery begins there and takes for damage what
     * is unsound before that; and writes indexes that take memory or would have to be read for. To be called every few
     * seconds by one thread; what a crash takes away since costs time. Blocks on the disk, and holds up nobody else.
     *
     * @throws IOException if the disk failed; what was noted before still holds
     */
    public void checkpoint() throws IOException {
        checkOpen();
        try {
            points.note(logs, SEALS_AT_ONCE);
            problem = logs.fencedCount() == 0
                    ? null
                    : "The disk failed under " + logs.fencedCount() + " logs, which take no more writes";
        } catch (DiskFullException e) {
            // Known of already, and no fault of the disk's.
            throw e;
        } catch (IOException e) {
            problem = "The disk failed: " + e.getMessage();
            throw e;
        }
    }

    /** A checkpoint takes long; when it comes to its end it says what is wrong. */
    void hangs() {
        problem = "The disk hangs: it has not taken a small write for a second or more";
    }

    /** What was wrong with the directory's disk at the last checkpoint, for people; null if nothing was. */
    public @Nullable String problem() {
        return problem;
    }

    /** What was found damaged since this was opened. */
    public DamageReports damages() {
        return damages;
    }

    /** What looks for damage nobody has met yet; to be started by whoever wants it, and ended by {@link #close}. */
    public Scrubber scrubber() {
        return scrubber;
    }

    private void checkFiles() throws IOException {
        try {
            files.checkDirectoryId(directoryId);
        } catch (LogDirectoryException e) {
            damages.report(files.format(), 0, String.valueOf(e.getMessage()));
            files.noteDirectoryId(directoryId);
            damages.mended(files.format());
        }
        points.check();
    }

    /** What other directories this one has noted that it belongs with. */
    @Nullable
    String group() throws IOException {
        return files.group();
    }

    void noteGroup(String text) throws IOException {
        files.noteGroup(text);
    }

    /** Whether it may be expected to take the writes of another log. */
    boolean isFit() {
        return problem == null && !space.isRefusing() && space.space().usableBytes() > space.floorBytes();
    }

    /** The names of the logs that were here when this was opened, in order. */
    List<String> namesAtOpening() {
        return namesAtOpening;
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
        checkOpen();
        logs.delete(name, () -> {
            points.forget(name);
            folders.delete(name);
        });
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
        scrubber.close();
        groupCommit.close();
        try {
            boolean sound = !logs.hasFailed() && everyLogIsKnown();
            sound &= logs.close();
            noteLastPoints();
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
            return folders.names().stream().allMatch(logs::isOpen);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The logs in " + root + " could not be listed", e);
            return false;
        }
    }

    /** Logs whose index would have taken long to write are opened by what is noted here. */
    private void noteLastPoints() {
        try {
            points.note(logs, 0);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Where the logs in " + root + " end could not be noted", e);
        }
    }

    private void noteBoot() {
        try {
            files.noteBoot();
        } catch (IOException e) {
            // A full disk must not keep a log from being read; the next start takes the host for restarted once more.
            LOG.log(System.Logger.Level.WARNING, "The run of the host could not be noted in " + root, e);
        }
    }

    private void checkOpen() throws LogClosedException {
        if (closed) {
            throw new LogClosedException("The log directory " + root + " is closed");
        }
    }
}

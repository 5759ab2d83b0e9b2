package io.naru.commitlog;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One data directory and the logs in it, held by one process at a time. Thread-safe.
 *
 * <pre>
 * naru.lock      held while open
 * naru-format    version and id of the directory
 * naru-clean     there only while nobody has it open and the last close was complete
 * NAME/          a log: its segments
 * </pre>
 */
public final class LogDirectory implements AutoCloseable {
    private final Disk disk;
    private final Path root;
    private final Closeable lock;
    private final DirectoryFormat format;
    private final boolean startedClean;
    private final GroupCommit groupCommit = new GroupCommit();
    private final Map<String, CommitLog> open = new TreeMap<>();
    private boolean closed;

    private LogDirectory(Disk disk, Path root, Closeable lock, DirectoryFormat format, boolean startedClean) {
        this.disk = disk;
        this.root = root;
        this.lock = lock;
        this.format = format;
        this.startedClean = startedClean;
    }

    /**
     * Opens the directory, which is made if it is missing, and keeps others out until {@link #close}.
     *
     * @throws LogDirectoryException if it cannot be used; the reason says why
     */
    public static LogDirectory open(Disk disk, Path root) throws IOException {
        Closeable lock = DirectoryFormat.prepare(disk, root);
        try {
            DirectoryFormat format = DirectoryFormat.readOrCreate(disk, root);
            boolean clean = DirectoryFormat.takeCleanMarker(disk, root);
            return new LogDirectory(disk, root, lock, format, clean);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Made once with the directory; tells an emptied or replaced one from the one that was here before. */
    public UUID directoryId() {
        return format.directoryId();
    }

    /** Whether the process that had it last closed it in order. */
    public boolean startedClean() {
        return startedClean;
    }

    /** What forces the logs of this directory in common rounds. */
    public GroupCommit groupCommit() {
        return groupCommit;
    }

    /**
     * Opens a log, which is made if it is missing; a second call answers the same log.
     *
     * @param name a relative path of plain names, for instance {@code orders/0}
     */
    public synchronized CommitLog openLog(String name, LogConfig config) throws IOException {
        checkOpen();
        CommitLog log = open.get(name);
        if (log == null) {
            Path folder = folderOf(name);
            log = new CommitLog(disk, folder, name, config, openSegments(folder, config));
            open.put(name, log);
        }
        return log;
    }

    /** The names of all logs here, opened or not, in order. */
    public synchronized List<String> logNames() throws IOException {
        List<String> names = new ArrayList<>();
        collect(root, "", names);
        return names;
    }

    /** Closes a log where open and deletes it: renamed first, so that no half of it is ever taken for a log. */
    public synchronized void deleteLog(String name) throws IOException {
        checkOpen();
        CommitLog log = open.remove(name);
        if (log != null) {
            log.close();
        }
        Path folder = folderOf(name);
        if (disk.kind(folder) == Disk.Kind.MISSING) {
            return;
        }
        Path aside = root.resolve(DirectoryFormat.DELETED_PREFIX + UUID.randomUUID());
        disk.rename(folder, aside);
        disk.forceDirectory(root);
        DirectoryFormat.deleteTree(disk, aside);
    }

    /** Forces all logs, closes them and leaves the mark of a clean end; the mark stays away if any of it fails. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        groupCommit.close();
        try {
            for (CommitLog log : open.values()) {
                log.force();
            }
            for (CommitLog log : open.values()) {
                log.close();
            }
            DirectoryFormat.leaveCleanMarker(disk, root);
        } finally {
            lock.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The log directory " + root + " is closed");
        }
    }

    private Path folderOf(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.startsWith(".") || part.startsWith("naru") || part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("Not a log's name: '" + name + "'");
            }
        }
        return root.resolve(name);
    }

    private Segment[] openSegments(Path folder, LogConfig config) throws IOException {
        if (disk.kind(folder) == Disk.Kind.MISSING) {
            disk.createDirectories(folder);
        }
        List<Segment> segments = new ArrayList<>();
        for (String file : disk.list(folder)) {
            if (SegmentFiles.baseOffset(file, SegmentFiles.LOG).isPresent()) {
                Segment segment = new Segment(
                        disk.open(folder.resolve(file)),
                        SegmentFiles.baseOffset(file, SegmentFiles.LOG).getAsLong());
                segment.scan(config.indexIntervalBytes());
                segments.add(segment);
            }
        }
        if (segments.isEmpty()) {
            DiskFile first = disk.create(folder.resolve(SegmentFiles.name(0, SegmentFiles.LOG)));
            segments.add(new Segment(first, 0));
            for (Path at = folder; at != null && at.startsWith(root); at = at.getParent()) {
                disk.forceDirectory(at);
            }
        }
        segments.getLast().cutBack();
        return segments.toArray(Segment[]::new);
    }

    private void collect(Path folder, String prefix, List<String> names) throws IOException {
        boolean isLog = false;
        for (String entry : disk.list(folder)) {
            if (disk.kind(folder.resolve(entry)) == Disk.Kind.DIRECTORY) {
                if (!entry.startsWith(".") && !entry.startsWith("naru")) {
                    collect(folder.resolve(entry), prefix + entry + "/", names);
                }
            } else {
                isLog |= SegmentFiles.baseOffset(entry, SegmentFiles.LOG).isPresent();
            }
        }
        if (isLog && !prefix.isEmpty()) {
            names.add(prefix.substring(0, prefix.length() - 1));
        }
    }
}

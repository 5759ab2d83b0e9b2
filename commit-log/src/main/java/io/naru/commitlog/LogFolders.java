package io.naru.commitlog;

import io.naru.commitlog.LogDirectoryException.Reason;
import io.naru.commitlog.damage.DamageReports;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The folders of the logs in a data directory: found, made, and taken away. A folder is a log's if it holds a segment.
 * Thread-safe.
 */
final class LogFolders {
    private static final String LOGS = "logs";
    private static final String DELETED = "deleted";

    private final Disk disk;
    private final DamageReports damages;
    private final Path logs;
    private final Path deleted;
    /** Folders made here whose entries a failure may have kept from the disk. */
    private final Set<Path> unforced = new HashSet<>();

    LogFolders(Disk disk, Path root, DamageReports damages) {
        this.disk = disk;
        this.damages = damages;
        this.logs = root.resolve(LOGS);
        this.deleted = root.resolve(DELETED);
    }

    /** Makes the folders for everything and finishes deletions that a crash interrupted. */
    synchronized void prepare() throws IOException {
        disk.createDirectories(logs);
        disk.createDirectories(deleted);
        disk.forceDirectory(above(logs));
        deleteAllIn(deleted);
    }

    /**
     * Brings the entries of all folders above logs to the disk: nobody knows whether the last process came to that.
     * Those of the logs' own folders are forced when the logs are recovered.
     */
    synchronized void forceEntries() throws IOException {
        forceTree(logs);
    }

    /** The names of all logs, in order; fails if there is anything that no log has made, such as a link. */
    synchronized List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        collect(logs, "", names);
        return names;
    }

    /**
     * The folder of a log, made now if it is missing.
     *
     * @throws IllegalArgumentException if the name is not a relative path of plain names, or one log would lie in the
     *     folder of another
     */
    synchronized SegmentFolder folder(String name) throws IOException {
        Path folder = pathOf(name);
        if (disk.kind(folder) != Disk.Kind.DIRECTORY) {
            refuseNesting(name, folder);
            unforced.add(folder);
            disk.createDirectories(folder);
        }
        if (unforced.contains(folder)) {
            // All the way up: an entry is worth nothing while the one above it may be lost.
            for (Path at = above(folder); at.startsWith(logs); at = above(at)) {
                disk.forceDirectory(at);
            }
            unforced.remove(folder);
        }
        refuseStrangers(folder);
        return new SegmentFolder(disk, folder, damages);
    }

    /**
     * Takes a log's folder away: in one step out of sight, then file by file. Folders above it that have become empty
     * go too. Does nothing if there is none.
     */
    synchronized void delete(String name) throws IOException {
        Path folder = pathOf(name);
        if (disk.kind(folder) == Disk.Kind.MISSING) {
            return;
        }
        disk.rename(folder, deleted.resolve(UUID.randomUUID().toString()));
        disk.forceDirectory(above(folder));
        disk.forceDirectory(deleted);
        damages.forget(folder);
        for (Path at = above(folder); !at.equals(logs) && disk.list(at).isEmpty(); at = above(at)) {
            disk.delete(at);
        }
        deleteAllIn(deleted);
    }

    private void forceTree(Path folder) throws IOException {
        List<String> entries = disk.list(folder);
        if (isLog(entries)) {
            return;
        }
        for (String entry : entries) {
            if (disk.kind(folder.resolve(entry)) == Disk.Kind.DIRECTORY) {
                forceTree(folder.resolve(entry));
            }
        }
        disk.forceDirectory(folder);
    }

    private Path pathOf(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + name + "' cannot be a log's name: it has to be a relative path"
                        + " without empty, '.' or '..' parts");
            }
        }
        return logs.resolve(name);
    }

    private void collect(Path folder, String prefix, List<String> names) throws IOException {
        List<String> entries = disk.list(folder);
        if (!prefix.isEmpty() && isLog(entries)) {
            names.add(prefix.substring(0, prefix.length() - 1));
        }
        for (String entry : entries) {
            Path path = folder.resolve(entry);
            switch (disk.kind(path)) {
                case DIRECTORY -> collect(path, prefix + entry + "/", names);
                case OTHER -> throw stranger(path);
                case FILE, MISSING -> {}
            }
        }
    }

    /** Deleting the outer log would take the inner one with it. */
    private void refuseNesting(String name, Path folder) throws IOException {
        for (Path at = above(folder); !at.equals(logs); at = above(at)) {
            if (disk.kind(at) == Disk.Kind.DIRECTORY && isLog(disk.list(at))) {
                throw new IllegalArgumentException(
                        "'" + name + "' cannot be a log's name: '" + logs.relativize(at) + "' is a log already");
            }
        }
    }

    private static boolean isLog(List<String> entries) {
        return SegmentFolder.baseOffsets(entries).findAny().isPresent();
    }

    private void refuseStrangers(Path folder) throws IOException {
        for (Path at = folder; !at.equals(logs); at = above(at)) {
            if (disk.kind(at) == Disk.Kind.OTHER) {
                throw stranger(at);
            }
        }
        for (String entry : disk.list(folder)) {
            switch (disk.kind(folder.resolve(entry))) {
                case OTHER -> throw stranger(folder.resolve(entry));
                case DIRECTORY ->
                    throw new IllegalArgumentException(
                            "'" + logs.relativize(folder) + "' cannot be a log's name: logs lie in that folder");
                case FILE, MISSING -> {}
            }
        }
    }

    private static LogDirectoryException stranger(Path path) {
        return new LogDirectoryException(
                Reason.NOT_A_LOG_DIRECTORY,
                path + " is a link or a special file, which no log has made and none follows; move it out of the data"
                        + " directory");
    }

    private void deleteAllIn(Path folder) throws IOException {
        for (String entry : disk.list(folder)) {
            Path path = folder.resolve(entry);
            if (disk.kind(path) == Disk.Kind.DIRECTORY) {
                deleteAllIn(path);
            }
            disk.delete(path);
        }
    }

    private static Path above(Path path) {
        Path parent = path.getParent();
        return parent == null ? Path.of("") : parent;
    }
}

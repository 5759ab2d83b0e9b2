package io.naru.commitlog;

import io.naru.commitlog.LogDirectoryException.Reason;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The files of a data directory that are not logs: lock, format and the mark of a clean end.
 *
 * @param version of the layout of everything in the directory
 * @param directoryId made once with the directory
 */
record DirectoryFormat(int version, UUID directoryId) {
    /** The layout this build writes, and the newest it reads. */
    static final int VERSION = 1;
    /** What folders of logs on their way out are named. */
    static final String DELETED_PREFIX = ".deleted-";

    private static final String LOCK = "naru.lock";
    private static final String FORMAT = "naru-format";
    private static final String CLEAN = "naru-clean";

    /** Makes the directory if it is missing and locks it. */
    static Closeable prepare(Disk disk, Path root) throws IOException {
        try {
            disk.createDirectories(root);
            return disk.tryLock(root.resolve(LOCK))
                    .orElseThrow(() -> new LogDirectoryException(
                            Reason.LOCKED,
                            "The data directory " + root + " is in use by another process; stop that one, or choose"
                                    + " another directory"));
        } catch (LogDirectoryException e) {
            throw e;
        } catch (IOException e) {
            throw new LogDirectoryException(
                    Reason.NOT_WRITABLE,
                    "The data directory " + root + " cannot be written (" + e + "); check that it is a directory and"
                            + " its owner and permissions, or choose another one",
                    e);
        }
    }

    static DirectoryFormat readOrCreate(Disk disk, Path root) throws IOException {
        Path file = root.resolve(FORMAT);
        if (disk.kind(file) == Disk.Kind.MISSING) {
            DirectoryFormat format = new DirectoryFormat(VERSION, UUID.randomUUID());
            replace(disk, root, FORMAT, "version=" + VERSION + "\ndirectory.id=" + format.directoryId() + "\n");
            return format;
        }
        return parse(root, read(disk, file));
    }

    /** Whether the mark of a clean end was there; it is gone for good when this returns. */
    static boolean takeCleanMarker(Disk disk, Path root) throws IOException {
        Path marker = root.resolve(CLEAN);
        if (disk.kind(marker) == Disk.Kind.MISSING) {
            return false;
        }
        disk.delete(marker);
        disk.forceDirectory(root);
        return true;
    }

    static void leaveCleanMarker(Disk disk, Path root) throws IOException {
        replace(disk, root, CLEAN, "clean\n");
    }

    /** Deletes a folder and all in it. */
    static void deleteTree(Disk disk, Path path) throws IOException {
        if (disk.kind(path) == Disk.Kind.DIRECTORY) {
            for (String entry : disk.list(path)) {
                deleteTree(disk, path.resolve(entry));
            }
        }
        disk.delete(path);
    }

    private static DirectoryFormat parse(Path root, String text) throws LogDirectoryException {
        int version = -1;
        UUID id = null;
        try {
            for (String line : text.lines().toList()) {
                if (line.startsWith("version=")) {
                    version =
                            Integer.parseInt(line.substring("version=".length()).strip());
                } else if (line.startsWith("directory.id=")) {
                    id = UUID.fromString(
                            line.substring("directory.id=".length()).strip());
                }
            }
        } catch (IllegalArgumentException e) {
            throw damaged(root, e);
        }
        if (version > VERSION) {
            throw new LogDirectoryException(
                    Reason.NEWER_FORMAT,
                    "The data directory " + root + " has format version " + version + "; this build reads versions up"
                            + " to " + VERSION + ". Run the newer Naru that wrote it, or choose another directory");
        }
        if (version < 1 || id == null) {
            throw damaged(root, null);
        }
        return new DirectoryFormat(version, id);
    }

    private static LogDirectoryException damaged(
            Path root, @org.jspecify.annotations.Nullable IllegalArgumentException cause) {
        String message = "The file " + root.resolve(FORMAT) + " is damaged; restore it from a backup. It has a line"
                + " 'version=1' and a line 'directory.id=' with the directory's id";
        return cause == null
                ? new LogDirectoryException(Reason.NOT_A_LOG_DIRECTORY, message)
                : new LogDirectoryException(Reason.NOT_A_LOG_DIRECTORY, message, cause);
    }

    /** Writes a small file aside, forces it, renames it and forces the directory: all of it is there, or nothing. */
    private static void replace(Disk disk, Path root, String name, String text) throws IOException {
        Path aside = root.resolve(name + ".new");
        disk.delete(aside);
        try (DiskFile file = disk.create(aside)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
        disk.rename(aside, root.resolve(name));
        disk.forceDirectory(root);
    }

    private static String read(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), 4096));
            file.read(bytes, 0);
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }
}

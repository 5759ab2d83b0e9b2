package io.naru.commitlog;

import io.naru.commitlog.LogDirectoryException.Reason;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.RecoveryPoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The small files of a data directory beside the logs. Each is written aside, forced, renamed, and the directory forced:
 * after a crash it holds the old text or the new one.
 */
final class DirectoryFiles {
    /** The layout this build writes, and the newest it reads. */
    static final int VERSION = 1;

    private static final String LOCK = "naru.lock";
    private static final String FORMAT = "naru-format";
    private static final String BOOT = "naru-boot";
    private static final String CLEAN = "naru-clean";
    private static final String POINTS = "naru-recovery-points";
    private static final int MAX_BYTES = 64 * 1024;

    private final Disk disk;
    private final Path root;

    DirectoryFiles(Disk disk, Path root) {
        this.disk = disk;
        this.root = root;
    }

    /** Makes the directory if it is missing and locks it. */
    Closeable lock() throws IOException {
        Optional<Closeable> lock;
        try {
            disk.createDirectories(root);
            lock = disk.tryLock(root.resolve(LOCK));
        } catch (IOException e) {
            throw new LogDirectoryException(
                    Reason.NOT_WRITABLE,
                    "The data directory " + root + " cannot be written (" + e + "); check that it is a directory, its"
                            + " owner and its permissions, or choose another one",
                    e);
        }
        return lock.orElseThrow(() -> new LogDirectoryException(
                Reason.LOCKED,
                "The data directory " + root + " is in use by another process; stop that one, or choose another"
                        + " directory"));
    }

    /** The directory's id, made now if the directory is new. */
    UUID directoryId() throws IOException {
        String text = read(FORMAT);
        if (text != null) {
            return parse(text);
        }
        forceAncestors();
        UUID id = UUID.randomUUID();
        noteDirectoryId(id);
        return id;
    }

    /**
     * Makes sure that the directory's id reads as it was when it was opened.
     *
     * @throws LogDirectoryException if it does not
     */
    void checkDirectoryId(UUID expected) throws IOException {
        String text = read(FORMAT);
        UUID found = text == null ? null : parse(text);
        if (!expected.equals(found)) {
            throw new LogDirectoryException(
                    Reason.NOT_A_LOG_DIRECTORY, "it says that the directory's id is " + found + ", not " + expected);
        }
    }

    /** Writes the directory's id. */
    void noteDirectoryId(UUID id) throws IOException {
        replace(FORMAT, "version=" + VERSION + "\ndirectory.id=" + id + "\n");
    }

    Path format() {
        return root.resolve(FORMAT);
    }

    Path points() {
        return root.resolve(POINTS);
    }

    /** Whether the mark of a clean end was there; it is gone for good when this returns. */
    boolean takeCleanMark() throws IOException {
        Path mark = root.resolve(CLEAN);
        if (disk.kind(mark) == Disk.Kind.MISSING) {
            return false;
        }
        disk.delete(mark);
        disk.forceDirectory(root);
        return true;
    }

    void leaveCleanMark() throws IOException {
        replace(CLEAN, "closed in order\n");
    }

    /**
     * Whether the host has restarted since {@link #noteBoot}, so that writes that were not forced may be lost in part.
     * Where the system does not tell, the answer is no: then the stricter rules of recovery hold.
     */
    boolean hostRestarted() throws IOException {
        String noted = read(BOOT);
        return noted != null
                && disk.bootId().map(now -> !now.equals(noted.strip())).orElse(false);
    }

    /** Notes under which run of the host bytes are written from now on. */
    void noteBoot() throws IOException {
        String now = disk.bootId().orElse("") + "\n";
        if (!now.equals(read(BOOT))) {
            replace(BOOT, now);
        }
    }

    /** What {@link DirectoryGroup} has noted here; null if it never did. */
    @Nullable
    String group() throws IOException {
        return read(DirectoryGroup.NAME);
    }

    void noteGroup(String text) throws IOException {
        replace(DirectoryGroup.NAME, text);
    }

    /** How far logs had been forced when that was noted last, by name; empty where it never was. */
    Map<String, RecoveryPoint> recoveryPoints() throws IOException {
        Path path = root.resolve(POINTS);
        if (disk.kind(path) != Disk.Kind.FILE) {
            return Map.of();
        }
        try (DiskFile file = disk.open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), RecoveryPointsFormat.MAX_BYTES));
            file.read(bytes, 0);
            return RecoveryPointsFormat.read(bytes.flip());
        } catch (RecoveryPointsFormat.DamagedException e) {
            throw new IOException(path + " " + e.getMessage(), e);
        }
    }

    /** Notes how far logs have been forced. */
    void noteRecoveryPoints(Map<String, RecoveryPoint> points) throws IOException {
        replace(POINTS, RecoveryPointsFormat.write(points));
    }

    /**
     * Brings the entry of a new directory to the disk, and those above it, since any of them may have just been made.
     * Those we may not open cannot have been.
     */
    private void forceAncestors() throws IOException {
        for (Path at = root.getParent(); at != null; at = at.getParent()) {
            try {
                disk.forceDirectory(at);
            } catch (AccessDeniedException _) {
                return;
            }
        }
    }

    private UUID parse(String text) throws LogDirectoryException {
        String version = value(text, "version=");
        String id = value(text, "directory.id=");
        if (version != null && version.matches("[1-9][0-9]{0,8}") && Integer.parseInt(version) > VERSION) {
            throw new LogDirectoryException(
                    Reason.NEWER_FORMAT,
                    "The data directory " + root + " has format version " + version + "; this build reads versions up"
                            + " to " + VERSION + ". Run the newer Naru that wrote it, or choose another directory");
        }
        try {
            if (String.valueOf(VERSION).equals(version) && id != null) {
                return UUID.fromString(id);
            }
        } catch (IllegalArgumentException _) {
            // Told below, with what to do.
        }
        throw new LogDirectoryException(
                Reason.NOT_A_LOG_DIRECTORY,
                "The file " + root.resolve(FORMAT) + " is damaged; restore it from a backup. It has a line 'version="
                        + VERSION + "' and a line 'directory.id=' with the directory's id");
    }

    private static @Nullable String value(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElse(null);
    }

    private @Nullable String read(String name) throws IOException {
        Path path = root.resolve(name);
        if (disk.kind(path) == Disk.Kind.MISSING) {
            return null;
        }
        try (DiskFile file = disk.open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MAX_BYTES));
            file.read(bytes, 0);
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }

    private void replace(String name, String text) throws IOException {
        replace(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void replace(String name, ByteBuffer content) throws IOException {
        Path aside = root.resolve(name + ".new");
        disk.delete(aside);
        try (DiskFile file = disk.create(aside)) {
            file.write(content, 0);
            file.force();
        }
        disk.rename(aside, root.resolve(name));
        disk.forceDirectory(root);
    }
}

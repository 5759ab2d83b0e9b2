package io.naru.coordinator.quorum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's data directory: held by one process at a time, and marked with its format and owner.
 *
 * <pre>
 * lock             held while a process uses the directory
 * format           "naru-coordinator 1" and the coordinator's id
 * quorum/…         Ratis' log and our snapshots
 * </pre>
 */
final class CoordinatorDirectory implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final String KIND = "naru-coordinator";

    /**
     * Lock files held by this process. On POSIX systems closing any channel on a file gives up every lock the process
     * has on it; so a second try within the process must not even open the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final Path lockPath;
    private final FileChannel lockFile;

    private CoordinatorDirectory(Path root, Path lockPath, FileChannel lockFile) {
        this.root = root;
        this.lockPath = lockPath;
        this.lockFile = lockFile;
    }

    /**
     * Takes the directory, making it first where there is none.
     *
     * @throws DirectoryException if it is not writable, in use, another coordinator's, or of a newer format
     */
    static CoordinatorDirectory open(Path root, int coordinatorId) {
        try {
            Files.createDirectories(root);
            if (!Files.isWritable(root)) {
                throw notWritable(root, null);
            }
            Path lockPath = root.toRealPath().resolve("lock");
            if (!HELD.add(lockPath)) {
                throw inUse(root);
            }
            try {
                return hold(root, lockPath, coordinatorId);
            } catch (IOException | RuntimeException e) {
                HELD.remove(lockPath);
                throw e;
            }
        } catch (IOException e) {
            throw notWritable(root, e);
        }
    }

    private static CoordinatorDirectory hold(Path root, Path lockPath, int coordinatorId) throws IOException {
        FileChannel lockFile = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            requireLock(root, lockFile);
            requireFormat(root.resolve("format"), coordinatorId);
            return new CoordinatorDirectory(root, lockPath, lockFile);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    /** Where the quorum keeps its files. */
    Path quorum() {
        return root.resolve("quorum");
    }

    /** Lets others have the directory. */
    @Override
    public void close() {
        if (!lockFile.isOpen()) {
            return;
        }
        try {
            lockFile.close();
        } catch (IOException _) {
            // The lock goes with the process at the latest.
        }
        HELD.remove(lockPath);
    }

    private static void requireLock(Path root, FileChannel lockFile) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            throw inUse(root);
        }
    }

    private static DirectoryException inUse(Path root) {
        return new DirectoryException(
                "The coordinator's data directory " + root.toAbsolutePath()
                        + " is in use by another process or another coordinator in this one. Stop that one, or set coordinator.data-dir to another directory.");
    }

    private static void requireFormat(Path file, int coordinatorId) throws IOException {
        String own = KIND + " " + FORMAT + " id " + coordinatorId + "\n";
        if (!Files.exists(file)) {
            writeForced(file, own);
            return;
        }
        String found = Files.readString(file, StandardCharsets.UTF_8);
        if (found.equals(own)) {
            return;
        }
        Path root = file.toAbsolutePath().resolveSibling("").normalize();
        if (found.startsWith(KIND + " " + FORMAT + " id ")) {
            throw new DirectoryException(
                    "The data directory %s belongs to another coordinator than %d, which coordinator.id says this is (it is marked '%s'). Set that id, or another coordinator.data-dir."
                            .formatted(root, coordinatorId, found.strip()));
        }
        throw new DirectoryException(
                "The data in %s is of a format this version does not know; a newer version wrote it. Use that version, or set coordinator.data-dir to another directory."
                        .formatted(root));
    }

    private static void writeForced(Path file, String text) throws IOException {
        Path aside = file.resolveSibling("format.writing");
        try (FileChannel out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            out.force(true);
        }
        Files.move(aside, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static DirectoryException notWritable(Path root, @Nullable IOException cause) {
        String why = cause == null || cause.getMessage() == null ? "" : " (" + cause + ")";
        return new DirectoryException("The coordinator's data directory " + root.toAbsolutePath() + " cannot be written"
                + why + ". Set coordinator.data-dir to a directory this user may write.");
    }
}

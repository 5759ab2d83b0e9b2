package io.naru.commitlog.disk;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The disk as the operating system offers it. Thread-safe. No file stays open for longer than it is used, but up to a
 * bound for all files of this disk; nothing is mapped into memory.
 */
public final class FileSystemDisk implements Disk {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * Lock files held by this process. On POSIX systems closing any channel on a file gives up every lock the process
     * has on it; so a second try within the process must not even open the file.
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    private final ChannelPool pool;

    /** With at most half as many files open as the system allows this process, and never more than 16,384. */
    public FileSystemDisk() {
        this(0);
    }

    /**
     * With a bound of one's own.
     *
     * @param maxOpenFiles open at once; those in use, or written to and not forced, are not closed for it. 0 as above
     */
    public FileSystemDisk(int maxOpenFiles) {
        if (maxOpenFiles < 0) {
            throw new IllegalArgumentException("Most files open at once are 1 or more, not " + maxOpenFiles);
        }
        this.pool = new ChannelPool(maxOpenFiles);
    }

    /** Files open now. */
    public int openFiles() {
        return pool.size();
    }

    /** Most files open at once. */
    public int maxOpenFiles() {
        return pool.limit();
    }

    @Override
    public Kind kind(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return Kind.MISSING;
        }
        if (attributes.isRegularFile()) {
            return Kind.FILE;
        }
        return attributes.isDirectory() ? Kind.DIRECTORY : Kind.OTHER;
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        try {
            pool.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                    .close();
        } catch (TooManyOpenFilesException e) {
            throw e;
        } catch (IOException e) {
            throw FileSystemFile.explained(e, file, 1);
        }
        return new FileSystemFile(file, pool);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        if (kind(file) != Kind.FILE) {
            throw new NoSuchFileException(file.toString(), null, "not a regular file");
        }
        return new FileSystemFile(file, pool);
    }

    @Override
    public DiskReader openUncached(Path file) throws IOException {
        return UncachedReader.open(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException e) {
            // So a stream tells that the disk failed half-way.
            throw e.getCause();
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        PrivateThreads.run(() -> {
            try (FileChannel channel = pool.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        });
    }

    @Override
    public Optional<Closeable> tryLock(Path file) throws IOException {
        Path real = file.resolveSibling("").toRealPath().resolve(file.getFileName());
        if (!LOCKED.add(real)) {
            return Optional.empty();
        }
        AtomicReference<@Nullable FileChannel> locked = new AtomicReference<>();
        try {
            PrivateThreads.run(() -> locked.set(lock(file)));
        } finally {
            if (locked.get() == null) {
                LOCKED.remove(real);
            }
        }
        return Optional.ofNullable(locked.get()).map(channel -> unlocking(channel, real));
    }

    /** The file opened and locked; null if somebody else has. */
    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : channel;
    }

    private static Closeable unlocking(FileChannel channel, Path real) {
        return () -> {
            try {
                channel.close();
            } finally {
                LOCKED.remove(real);
            }
        };
    }

    @Override
    public Space space(Path directory) {
        // The file store of java.nio reads the table of mounts first, which is too slow to ask often.
        File file = directory.toFile();
        long total = file.getTotalSpace();
        return total == 0 ? new Space(Long.MAX_VALUE, Long.MAX_VALUE) : new Space(total, file.getUsableSpace());
    }

    @Override
    public Optional<String> bootId() {
        try {
            return Optional.of(Files.readString(BOOT_ID).strip()).filter(id -> !id.isEmpty());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}

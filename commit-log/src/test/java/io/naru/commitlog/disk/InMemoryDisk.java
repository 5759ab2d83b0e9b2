package io.naru.commitlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A disk in the heap that never fails, for tests that want a log but no files. It knows what was forced and what was
 * not, so that {@link FaultyDisk} can let it lose power. Thread-safe.
 */
public final class InMemoryDisk implements Disk {
    /** What it says it is; nothing keeps anybody to it. */
    private static final long SIZE_BYTES = 1L << 40;

    private final Set<Path> locks = new HashSet<>();
    private MemoryTree tree = new MemoryTree();
    private volatile int process = 1;
    private int boot = 1;

    @Override
    public synchronized Kind kind(Path path) {
        return tree.kind(absolute(path));
    }

    @Override
    public synchronized Handle create(Path file) throws IOException {
        Path at = absolute(file);
        if (tree.kind(at) != Kind.MISSING) {
            throw new FileAlreadyExistsException(at.toString());
        }
        MemoryFile created = new MemoryFile();
        tree.put(at, created);
        return new Handle(at, created, process);
    }

    @Override
    public synchronized Handle open(Path file) throws IOException {
        Path at = absolute(file);
        MemoryFile found = tree.file(at);
        if (found == null) {
            throw new NoSuchFileException(at.toString());
        }
        return new Handle(at, found, process);
    }

    @Override
    public synchronized long size(Path file) throws IOException {
        MemoryFile found = tree.file(absolute(file));
        if (found == null) {
            throw new NoSuchFileException(file.toString());
        }
        return found.length();
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        return tree.list(absolute(directory));
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        tree.putDirectories(absolute(directory));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        tree.rename(absolute(from), absolute(to));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        tree.delete(absolute(path));
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        tree.force(absolute(directory));
    }

    @Override
    public synchronized Optional<Closeable> tryLock(Path file) throws IOException {
        Path at = absolute(file);
        if (!locks.add(at)) {
            return Optional.empty();
        }
        if (tree.file(at) == null) {
            tree.put(at, new MemoryFile());
        }
        int holder = process;
        return Optional.of(() -> unlock(at, holder));
    }

    @Override
    public synchronized Space space(Path directory) {
        return new Space(SIZE_BYTES, SIZE_BYTES - tree.usedBytes());
    }

    @Override
    public synchronized Optional<String> bootId() {
        return Optional.of("boot-" + boot);
    }

    /** Bytes in all files. */
    synchronized long usedBytes() {
        return tree.usedBytes();
    }

    /** The process that used the disk is gone: its open files and locks are, everything it wrote is there. */
    synchronized void endProcess() {
        process++;
        locks.clear();
    }

    /** Everything not forced is lost, or some of it, as the dice fall. */
    synchronized void losePower(Random random) {
        endProcess();
        boot++;
        tree = tree.afterPowerLoss(random);
    }

    private synchronized void unlock(Path file, int holder) {
        if (holder == process) {
            locks.remove(file);
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** An open file. */
    public final class Handle implements DiskFile {
        private volatile Path path;
        private final MemoryFile file;
        private final int owner;
        private volatile boolean closed;

        private Handle(Path path, MemoryFile file, int owner) {
            this.path = path;
            this.file = file;
            this.owner = owner;
        }

        @Override
        public long size() throws IOException {
            return usable().length();
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            return usable().read(to, position);
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            ByteBuffer copy = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
            usable().read(copy, position);
            return to.write(copy.flip());
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            usable().write(from, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            usable().truncate(size);
        }

        @Override
        public void force() throws IOException {
            usable().force();
        }

        @Override
        public void renameTo(Path to) throws IOException {
            usable();
            InMemoryDisk.this.rename(path, to);
            path = to;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public String toString() {
            return path.toString();
        }

        /** A force that fails as it does in Linux: the system takes the bytes for written and never tries again. */
        void failToForce() throws IOException {
            usable().failToForce();
        }

        private MemoryFile usable() throws IOException {
            if (closed || owner != process) {
                throw new ClosedChannelException();
            }
            return file;
        }
    }
}

package io.naru.commitlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A disk in the heap that forces nothing and never fails, for tests that want a log but no files. Thread-safe. */
public final class InMemoryDisk implements Disk {
    private final Map<Path, Bytes> files = new TreeMap<>();
    private final Set<Path> directories = new HashSet<>(Set.of(Path.of("/")));
    private final Set<Path> locks = new HashSet<>();

    @Override
    public synchronized Kind kind(Path path) {
        Path at = absolute(path);
        if (files.containsKey(at)) {
            return Kind.FILE;
        }
        return directories.contains(at) ? Kind.DIRECTORY : Kind.MISSING;
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        Path at = absolute(file);
        if (kind(at) != Kind.MISSING) {
            throw new FileAlreadyExistsException(at.toString());
        }
        if (!directories.contains(at.getParent())) {
            throw new NoSuchFileException(at.toString());
        }
        files.put(at, new Bytes());
        return open(at);
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        Bytes bytes = files.get(absolute(file));
        if (bytes == null) {
            throw new NoSuchFileException(file.toString());
        }
        return new Handle(file, bytes);
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        Path at = absolute(directory);
        if (!directories.contains(at)) {
            throw new NotDirectoryException(at.toString());
        }
        Set<Path> all = new HashSet<>(files.keySet());
        all.addAll(directories);
        return all.stream()
                .filter(path -> at.equals(path.getParent()))
                .map(path -> path.getFileName().toString())
                .sorted()
                .toList();
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        for (Path at = absolute(directory); at != null; at = at.getParent()) {
            if (files.containsKey(at)) {
                throw new FileAlreadyExistsException(at.toString());
            }
            directories.add(at);
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        Path source = absolute(from);
        Path target = absolute(to);
        if (kind(source) == Kind.MISSING) {
            throw new NoSuchFileException(source.toString());
        }
        if (directories.contains(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Bytes file = files.remove(source);
        if (file != null) {
            files.put(target, file);
            return;
        }
        for (Path path : List.copyOf(files.keySet())) {
            if (path.startsWith(source)) {
                files.put(target.resolve(source.relativize(path)), files.remove(path));
            }
        }
        for (Path path : List.copyOf(directories)) {
            if (path.startsWith(source)) {
                directories.remove(path);
                directories.add(path.equals(source) ? target : target.resolve(source.relativize(path)));
            }
        }
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        Path at = absolute(path);
        if (directories.contains(at) && !list(at).isEmpty()) {
            throw new DirectoryNotEmptyException(at.toString());
        }
        files.remove(at);
        directories.remove(at);
    }

    @Override
    public void forceDirectory(Path directory) {}

    @Override
    public synchronized Optional<Closeable> tryLock(Path file) {
        Path at = absolute(file);
        files.computeIfAbsent(at, _ -> new Bytes());
        return locks.add(at) ? Optional.of(() -> unlock(at)) : Optional.empty();
    }

    @Override
    public long usableBytes(Path path) {
        return Long.MAX_VALUE;
    }

    @Override
    public Optional<String> bootId() {
        return Optional.of("in-memory");
    }

    private synchronized void unlock(Path file) {
        locks.remove(file);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static final class Bytes {
        private byte[] array = new byte[256];
        private int length;

        synchronized int length() {
            return length;
        }

        synchronized int read(ByteBuffer to, long position) {
            if (position >= length) {
                return to.hasRemaining() ? -1 : 0;
            }
            int count = (int) Math.min(to.remaining(), length - position);
            to.put(array, (int) position, count);
            return count;
        }

        synchronized void write(ByteBuffer from, long position) {
            int end = Math.toIntExact(position + from.remaining());
            if (end > array.length) {
                array = Arrays.copyOf(array, Math.max(end, array.length * 2));
            }
            from.get(array, (int) position, from.remaining());
            length = Math.max(length, end);
        }

        synchronized void truncate(long size) {
            if (size < length) {
                Arrays.fill(array, (int) size, length, (byte) 0);
                length = (int) size;
            }
        }
    }

    private static final class Handle implements DiskFile {
        private final Path path;
        private final Bytes bytes;
        private volatile boolean closed;

        Handle(Path path, Bytes bytes) {
            this.path = path;
            this.bytes = bytes;
        }

        @Override
        public long size() throws IOException {
            checkOpen();
            return bytes.length();
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            checkOpen();
            return bytes.read(to, position);
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            ByteBuffer copy = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
            read(copy, position);
            return to.write(copy.flip());
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            checkOpen();
            bytes.write(from, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            checkOpen();
            bytes.truncate(size);
        }

        @Override
        public void force() throws IOException {
            checkOpen();
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public String toString() {
            return path.toString();
        }

        private void checkOpen() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
        }
    }
}

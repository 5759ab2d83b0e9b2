package io.naru.commitlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Several disks, each mounted at a folder. Thread-safe if they are. */
public final class SplitDisk implements Disk {
    private final Map<Path, Disk> disks;

    /** By the folder each is mounted at; none lies within another. */
    public SplitDisk(Map<Path, ? extends Disk> disks) {
        this.disks = Map.copyOf(disks);
    }

    private Disk of(Path path) throws IOException {
        for (Map.Entry<Path, Disk> disk : disks.entrySet()) {
            if (path.startsWith(disk.getKey())) {
                return disk.getValue();
            }
        }
        throw new NoSuchFileException(path + " is on no disk");
    }

    @Override
    public Kind kind(Path path) throws IOException {
        return of(path).kind(path);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return of(file).create(file);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return of(file).open(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return of(file).size(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return of(directory).list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        of(directory).createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        of(from).rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        of(path).delete(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        for (Map.Entry<Path, Disk> disk : disks.entrySet()) {
            // A folder above a disk is as good as on it.
            if (directory.startsWith(disk.getKey()) || disk.getKey().startsWith(directory)) {
                disk.getValue().forceDirectory(directory);
            }
        }
    }

    @Override
    public Optional<Closeable> tryLock(Path file) throws IOException {
        return of(file).tryLock(file);
    }

    @Override
    public Space space(Path directory) throws IOException {
        return of(directory).space(directory);
    }

    @Override
    public Optional<String> bootId() {
        return disks.values().iterator().next().bootId();
    }
}

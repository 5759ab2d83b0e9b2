package io.naru.commitlog.disk;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files and directories by path: as they are, as they are on the disk, and the changes in between. A change reaches the
 * disk when a directory it touches is forced; at a loss of power each of the others has or has not. Guarded by {@link
 * InMemoryDisk}.
 */
final class MemoryTree {
    /** A file, or a directory where empty. */
    private TreeMap<Path, Optional<MemoryFile>> entries = new TreeMap<>();

    private final TreeMap<Path, Optional<MemoryFile>> forced = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    MemoryTree() {
        entries.put(Path.of("/"), Optional.empty());
        forced.put(Path.of("/"), Optional.empty());
    }

    /** One step in the life of the tree; does nothing where its ground was lost. */
    private sealed interface Change {
        record Put(Path path, Optional<MemoryFile> what) implements Change {}

        record Remove(Path path) implements Change {}

        record Rename(Path from, Path to) implements Change {}

        default boolean touches(Path directory) {
            return switch (this) {
                case Put(Path path, Optional<MemoryFile> _) -> directory.equals(path.getParent());
                case Remove(Path path) -> directory.equals(path.getParent());
                case Rename(Path from, Path to) ->
                    directory.equals(from.getParent()) || directory.equals(to.getParent());
            };
        }

        default void applyTo(TreeMap<Path, Optional<MemoryFile>> tree) {
            switch (this) {
                case Put(Path path, Optional<MemoryFile> what) -> tree.put(path, what);
                case Remove(Path path) -> tree.remove(path);
                case Rename(Path from, Path to) -> move(tree, from, to);
            }
        }
    }

    Disk.Kind kind(Path path) {
        Optional<MemoryFile> entry = entries.get(path);
        if (entry == null) {
            return Disk.Kind.MISSING;
        }
        return entry.isPresent() ? Disk.Kind.FILE : Disk.Kind.DIRECTORY;
    }

    @Nullable
    MemoryFile file(Path path) {
        Optional<MemoryFile> entry = entries.get(path);
        return entry == null ? null : entry.orElse(null);
    }

    List<String> list(Path directory) throws IOException {
        if (kind(directory) != Disk.Kind.DIRECTORY) {
            throw new NotDirectoryException(directory.toString());
        }
        return entries.keySet().stream()
                .filter(path -> directory.equals(path.getParent()))
                .map(path -> path.getFileName().toString())
                .sorted()
                .toList();
    }

    void put(Path path, MemoryFile file) throws IOException {
        if (path.getParent() == null || kind(path.getParent()) != Disk.Kind.DIRECTORY) {
            throw new NoSuchFileException(path.toString());
        }
        change(new Change.Put(path, Optional.of(file)));
    }

    void putDirectories(Path path) throws IOException {
        switch (kind(path)) {
            case DIRECTORY -> {}
            case FILE, OTHER -> throw new FileAlreadyExistsException(path.toString());
            case MISSING -> {
                putDirectories(path.getParent());
                change(new Change.Put(path, Optional.empty()));
            }
        }
    }

    void rename(Path from, Path to) throws IOException {
        if (kind(from) == Disk.Kind.MISSING || kind(to.getParent()) != Disk.Kind.DIRECTORY) {
            throw new NoSuchFileException(from + " -> " + to);
        }
        if (kind(to) == Disk.Kind.DIRECTORY) {
            throw new FileAlreadyExistsException(to.toString());
        }
        change(new Change.Rename(from, to));
    }

    void delete(Path path) throws IOException {
        if (kind(path) == Disk.Kind.DIRECTORY && !list(path).isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        if (kind(path) != Disk.Kind.MISSING) {
            change(new Change.Remove(path));
        }
    }

    void force(Path directory) throws IOException {
        if (kind(directory) != Disk.Kind.DIRECTORY) {
            throw new NotDirectoryException(directory.toString());
        }
        for (Iterator<Change> changes = pending.iterator(); changes.hasNext(); ) {
            Change change = changes.next();
            if (change.touches(directory)) {
                change.applyTo(forced);
                changes.remove();
            }
        }
    }

    long usedBytes() {
        long sum = 0;
        for (Optional<MemoryFile> entry : entries.values()) {
            sum += entry.map(MemoryFile::length).orElse(0);
        }
        return sum;
    }

    /** What a disk may hold after the power failed. */
    MemoryTree afterPowerLoss(Random random) {
        int keep = random.nextInt(3);
        for (Change change : pending) {
            if (keep == 1 || (keep == 2 && random.nextBoolean())) {
                change.applyTo(forced);
            }
        }
        MemoryTree left = new MemoryTree();
        // One file may be found under two names, its old and its new one; it stays one file.
        Map<MemoryFile, MemoryFile> files = new IdentityHashMap<>();
        forced.forEach((path, entry) -> {
            if (path.getParent() != null && left.kind(path.getParent()) == Disk.Kind.DIRECTORY) {
                left.entries.put(
                        path, entry.map(file -> files.computeIfAbsent(file, lost -> lost.afterPowerLoss(random))));
            }
        });
        left.forced.putAll(left.entries);
        return left;
    }

    private void change(Change change) {
        change.applyTo(entries);
        pending.add(change);
    }

    private static void move(TreeMap<Path, Optional<MemoryFile>> tree, Path from, Path to) {
        Map<Path, Optional<MemoryFile>> moved = new HashMap<>();
        for (Path path : List.copyOf(tree.tailMap(from, true).keySet())) {
            if (path.startsWith(from)) {
                moved.put(path.equals(from) ? to : to.resolve(from.relativize(path)), tree.remove(path));
            }
        }
        tree.putAll(moved);
    }
}

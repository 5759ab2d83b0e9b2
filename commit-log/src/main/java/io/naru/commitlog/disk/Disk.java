package io.naru.commitlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the log asks of a disk. Thread-safe. Changes to a directory (files made, renamed, deleted) survive a crash only
 * once {@link #forceDirectory} has returned, bytes of a file only once {@link DiskFile#force} has.
 */
public interface Disk {
    /** What a path is, links not followed. */
    enum Kind {
        MISSING,
        FILE,
        DIRECTORY,
        /** A symbolic link, a device, a socket: nothing a log would have made. */
        OTHER
    }

    /** What is at this path. */
    Kind kind(Path path) throws IOException;

    /** Makes a new, empty file; {@link java.nio.file.FileAlreadyExistsException} if something is there. */
    DiskFile create(Path file) throws IOException;

    /** Opens a file to read and write; {@link java.nio.file.NoSuchFileException} if it is missing. */
    DiskFile open(Path file) throws IOException;

    /**
     * Opens a file to look at what is on the disk, if the system can with nothing of it kept in memory; for one thread.
     * {@link java.nio.file.NoSuchFileException} if it is missing.
     */
    default DiskReader openUncached(Path file) throws IOException {
        return open(file);
    }

    /** Bytes in a file, which is not opened for that; {@link java.nio.file.NoSuchFileException} if it is missing. */
    long size(Path file) throws IOException;

    /** The names in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    /** Makes a directory and those above it that are missing. */
    void createDirectories(Path directory) throws IOException;

    /** Renames within one file system, in one step; a file at {@code to} is replaced. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty directory; does nothing where there is none. */
    void delete(Path path) throws IOException;

    /** Returns once the directory's entries, as they were when called, are on the disk to stay. */
    void forceDirectory(Path directory) throws IOException;

    /** Takes a lock on a file, made if missing, that other processes see; empty when somebody holds it already. */
    Optional<Closeable> tryLock(Path file) throws IOException;

    /** Room on the file system that holds this directory; all there can be where the system does not tell. */
    Space space(Path directory) throws IOException;

    /**
     * A name for this run of the operating system: as long as it stays the same, written bytes have not been lost with
     * the page cache. Empty when the system has no such name.
     */
    Optional<String> bootId();
}

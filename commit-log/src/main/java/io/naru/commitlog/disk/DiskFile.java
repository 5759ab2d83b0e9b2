package io.naru.commitlog.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * One open file. Reads and writes name their position, so there is no shared cursor: any number of threads may read
 * while one writes and another forces.
 */
public interface DiskFile extends DiskReader {
    /**
     * Hands bytes from {@code position} on to a channel, without a copy where the system can.
     *
     * @return bytes handed over, which may be fewer than {@code count} where the channel takes no more now
     */
    long transferTo(long position, long count, WritableByteChannel to) throws IOException;

    /**
     * Writes all of {@code from} at {@code position}. After an exception any part of it may have been written.
     *
     * @throws DiskFullException if there is no room for it
     */
    void write(ByteBuffer from, long position) throws IOException;

    /** Cuts the file to {@code size} bytes; does nothing where it is not larger. */
    void truncate(long size) throws IOException;

    /**
     * Returns once what was written before is on the disk to stay. After an exception nobody knows what is: the bytes
     * may be lost though a second call succeeds.
     */
    void force() throws IOException;

    /**
     * Renames the file within its file system, in one step, and stays open under the new name, whoever reads or forces
     * it meanwhile; a file at {@code to} is replaced. The directory's entries are the caller's to force.
     */
    void renameTo(Path to) throws IOException;

    /** Closes; ongoing and later calls fail with {@link java.nio.channels.ClosedChannelException}. Idempotent. */
    @Override
    void close() throws IOException;
}

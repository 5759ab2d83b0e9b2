package io.naru.commitlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the bytes of one file, from any position. */
public interface DiskReader extends Closeable {
    /** Bytes in the file, as far as written. */
    long size() throws IOException;

    /**
     * Reads from {@code position} into what {@code to} has room for.
     *
     * @return bytes read, fewer than asked only at the end of the file; -1 if {@code position} is at or behind it
     */
    int read(ByteBuffer to, long position) throws IOException;
}

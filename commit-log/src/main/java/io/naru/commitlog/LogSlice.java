package io.naru.commitlog;

import io.naru.commitlog.disk.DiskFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Whole batches in a log, as a range of a file whose bytes nobody changes any more, however the log grows. A view, not
 * a copy: nothing is read before one of its methods is called. Thread-safe; needs no closing. Its methods block on the
 * disk, and fail with {@link LogClosedException} once the log is closed or deleted.
 */
public final class LogSlice {
    /** No batches. */
    public static final LogSlice EMPTY = new LogSlice(null, 0, 0);

    private final @Nullable DiskFile file;
    private final int position;
    private final int length;

    LogSlice(@Nullable DiskFile file, int position, int length) {
        this.file = file;
        this.position = position;
        this.length = length;
    }

    /** Whether there is nothing to read. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Bytes of all its batches. */
    public int sizeInBytes() {
        return length;
    }

    /**
     * Reads all of it to the buffer's position and moves that on.
     *
     * @throws BufferOverflowException if there is less room than {@link #sizeInBytes}
     */
    public void readInto(ByteBuffer to) throws IOException {
        if (to.remaining() < length) {
            throw new BufferOverflowException();
        }
        if (file == null) {
            return;
        }
        int limit = to.limit();
        to.limit(to.position() + length);
        try {
            if (file.read(to, position) != length) {
                throw new EOFException(file + " ends before position " + ((long) position + length));
            }
        } catch (ClosedChannelException e) {
            throw closed(e);
        } finally {
            to.limit(limit);
        }
    }

    /** All of it in a new array. */
    public byte[] readBytes() throws IOException {
        byte[] bytes = new byte[length];
        readInto(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /**
     * Hands the bytes to a blocking channel, without copying them through this process where the system can.
     *
     * @return {@link #sizeInBytes}
     */
    public long transferTo(WritableByteChannel to) throws IOException {
        if (file == null) {
            return 0;
        }
        long done = 0;
        try {
            while (done < length) {
                long count = file.transferTo(position + done, length - done, to);
                if (count <= 0 && file.size() < (long) position + length) {
                    throw new EOFException(file + " ends before position " + ((long) position + length));
                }
                done += count;
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw to.isOpen() ? closed(e) : e;
        }
        return done;
    }

    private IOException closed(ClosedChannelException e) {
        LogClosedException closed = new LogClosedException("The log was closed or deleted while " + file + " was read");
        closed.initCause(e);
        return closed;
    }
}

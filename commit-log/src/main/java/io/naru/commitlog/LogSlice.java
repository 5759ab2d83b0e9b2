package io.naru.commitlog;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.Segment;
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
 * disk, and fail with {@link LogClosedException} once the log is closed or deleted. Where its records were deleted or
 * compacted since, it can be read for as long as the log's owner lets the old files stay, and then fails with {@link
 * StaleSliceException}; a method that has begun by then ends well.
 */
public final class LogSlice {
    /** No batches. */
    public static final LogSlice EMPTY = new LogSlice(null, 0, 0);

    private final @Nullable Segment segment;
    private final int position;
    private final int length;

    LogSlice(@Nullable Segment segment, int position, int length) {
        this.segment = segment;
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
        Segment from = segment;
        if (from == null) {
            return;
        }
        int limit = to.limit();
        to.limit(to.position() + length);
        from.beginUse();
        try {
            if (from.file().read(to, position) != length) {
                throw endsEarly(from);
            }
        } catch (ClosedChannelException e) {
            throw closed(from, e);
        } finally {
            from.endUse();
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
        Segment from = segment;
        if (from == null) {
            return 0;
        }
        DiskFile file = from.file();
        long done = 0;
        from.beginUse();
        try {
            while (done < length) {
                long count = file.transferTo(position + done, length - done, to);
                if (count <= 0 && file.size() < (long) position + length) {
                    throw endsEarly(from);
                }
                done += count;
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw to.isOpen() ? closed(from, e) : e;
        } finally {
            from.endUse();
        }
        return done;
    }

    private EOFException endsEarly(Segment from) {
        return new EOFException(from.file() + " ends before position " + ((long) position + length));
    }

    private static IOException closed(Segment from, ClosedChannelException e) {
        if (from.isRetired()) {
            return new StaleSliceException(
                    "The records of " + from.file() + " were deleted or compacted, and the file is gone by now; read"
                            + " the log at that offset again",
                    e);
        }
        LogClosedException closed =
                new LogClosedException("The log was closed or deleted while " + from.file() + " was read");
        closed.initCause(e);
        return closed;
    }
}

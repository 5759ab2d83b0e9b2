package io.naru.commitlog;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.DamagedBatchesException;
import io.naru.commitlog.segment.Segment;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
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
    public static final LogSlice EMPTY = new LogSlice(null, 0, 0, 0);

    private final @Nullable Segment segment;
    private final int position;
    private final int length;
    private final long offset;

    /**
     * So many bytes of a segment.
     *
     * @param offset that is in the first batch
     */
    LogSlice(@Nullable Segment segment, int position, int length, long offset) {
        this.segment = segment;
        this.position = position;
        this.length = length;
        this.offset = offset;
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
     * Reads all of it to the buffer's position and moves that on. The bytes are what the disk gives: whoever takes them has
     * to check them, as {@link #readSoundInto} does.
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

    /**
     * Reads its batches to the buffer's position and moves that on, up to the first that is not sound: checksums and the
     * order of offsets are checked. There is at least one, unless the slice is empty.
     *
     * @throws LogDamagedException if the first is not sound
     * @throws StaleSliceException also if the slice was found by a damaged index, which has been built again
     * @throws BufferOverflowException if there is less room than {@link #sizeInBytes}
     */
    public void readSoundInto(ByteBuffer to) throws IOException {
        Segment from = segment;
        int start = to.position();
        readInto(to);
        if (from != null) {
            to.position(start
                    + soundBytes(from, to.duplicate().flip().position(start).slice()));
        }
    }

    /** All of it up to the first batch that is not sound, in a new array; fails as {@link #readSoundInto} does. */
    public byte[] readBytes() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        readSoundInto(bytes);
        return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    }

    private int soundBytes(Segment from, ByteBuffer batches) throws IOException {
        RecordBatch batch = new RecordBatch();
        int at = 0;
        long floor = 0;
        while (at < length) {
            String flaw = length - at < RecordBatch.HEADER_BYTES
                    ? "it ends within its header"
                    : batch.wrap(batches, at).flaw(length - at);
            if (flaw == null && at > 0 && !isInOrder(from, batches, batch, at, floor)) {
                flaw = "its offsets, from " + batch.baseOffset() + " to " + batch.lastOffset()
                        + ", are not those between the batches around it";
            }
            if (flaw != null) {
                if (at > 0) {
                    // Whoever reads on from there is told.
                    return at;
                }
                throw damaged(from, flaw);
            }
            floor = batch.lastOffset() + 1;
            at += batch.sizeInBytes();
        }
        return length;
    }

    /** The offset of a batch is outside its checksum; but it has its place between others. The first was found by it. */
    private boolean isInOrder(Segment from, ByteBuffer batches, RecordBatch batch, int at, long floor)
            throws IOException {
        if (batch.baseOffset() < floor) {
            return false;
        }
        int end = at + batch.sizeInBytes();
        long following = end < length ? batches.getLong(end) : from.offsetAt(position + length);
        return following > batch.lastOffset() || batch.baseOffset() == floor || following < floor;
    }

    private IOException damaged(Segment from, String flaw) throws IOException {
        from.beginUse();
        try {
            DamagedBatchesException place = from.damagedAt(position, offset, flaw);
            return place == null
                    ? new StaleSliceException(
                            "An index of " + from.file() + " was damaged and has been built again; read the log at that"
                                    + " offset again",
                            new IOException(flaw))
                    : new LogDamagedException(String.valueOf(place.getMessage()), place);
        } catch (ClosedChannelException e) {
            return closed(from, e);
        } finally {
            from.endUse();
        }
    }

    /**
     * Hands the bytes to a blocking channel, without copying them through this process where the system can. They are
     * not checked.
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

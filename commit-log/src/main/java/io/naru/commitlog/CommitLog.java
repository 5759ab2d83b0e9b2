package io.naru.commitlog;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One append-only log of record batches, kept in segments. {@link #append} and {@link #reconfigure} are called by one
 * thread at a time, its owner; every other method by any thread, and none of them waits for the owner. A record survives
 * a crash once its offset lies below {@link #forcedEndOffset}.
 */
public final class CommitLog {
    private final Disk disk;
    private final Path folder;
    private final String name;
    private final ReentrantLock forcing = new ReentrantLock();
    private final RecordBatch header = new RecordBatch();

    private volatile LogConfig config;
    private volatile Segment[] segments;
    private volatile long endOffset;
    private volatile long forcedEndOffset;
    private volatile @Nullable IOException fence;
    private volatile boolean closed;

    private int forcedSegments;
    private long directoryForcedTo;

    CommitLog(Disk disk, Path folder, String name, LogConfig config, Segment[] segments) {
        this.disk = disk;
        this.folder = folder;
        this.name = name;
        this.config = config;
        this.segments = segments;
        this.endOffset = segments[segments.length - 1].nextOffset();
        this.forcedEndOffset = endOffset;
        this.forcedSegments = segments.length - 1;
        this.directoryForcedTo = segments[segments.length - 1].baseOffset();
    }

    /** The name it was opened under. */
    public String name() {
        return name;
    }

    /**
     * Appends one batch, which the buffer holds from its position to its limit; both stay as they are. The batch's base
     * offset and leader epoch are written into the buffer. The caller has checked the batch; only its frame is looked
     * at again. On return it can be read, but may not survive a crash before a {@link #force}.
     *
     * @param nowMillis the owner's clock, by which segments age
     * @throws LogFullException if the disk is full; nothing was appended, a later try may succeed
     * @throws LogFencedException if a force failed before, or the disk cannot be brought back to whole batches
     * @throws IOException if the write failed; nothing was appended
     */
    public LogAppend append(ByteBuffer batch, int leaderEpoch, long nowMillis) throws IOException {
        checkWritable();
        header.wrap(batch, batch.position());
        int bytes = batch.remaining();
        int count = header.count();
        if (header.magic() != RecordBatch.MAGIC
                || header.sizeInBytes() != bytes
                || count < 1
                || header.lastOffsetDelta() != count - 1) {
            throw new CorruptBatchException(
                    "The buffer does not hold exactly one record batch with consecutive offsets");
        }
        long base = endOffset;
        long last = base + count - 1;
        header.assign(base, leaderEpoch);
        Segment segment = segmentFor(bytes, last, nowMillis);
        try {
            segment.append(batch, header, config.indexIntervalBytes(), nowMillis);
        } catch (IOException e) {
            throw undone(segment, e);
        }
        endOffset = last + 1;
        return new LogAppend(base, last, bytes);
    }

    /**
     * Brings to the disk what was appended before the call. One force runs at a time; others wait. A failure fences
     * the log for good, since nobody knows any more what the disk holds.
     *
     * @return the end offset that is now sure to survive a crash
     */
    public long force() throws IOException {
        forcing.lock();
        try {
            IOException fenced = fence;
            if (fenced != null) {
                throw new LogFencedException("Log " + name + " takes no more writes: " + fenced.getMessage(), fenced);
            }
            long end = endOffset;
            if (end > forcedEndOffset) {
                forceUpTo(segments);
                forcedEndOffset = end;
            }
            return end;
        } catch (LogFencedException e) {
            throw e;
        } catch (IOException e) {
            fence = e;
            throw e;
        } finally {
            forcing.unlock();
        }
    }

    /**
     * A view of whole batches from the one that holds {@code offset}: at most {@code maxBytes} unless the first alone
     * is larger, all within one segment, and only such as lie entirely below {@code limitOffset}. Records before {@code
     * offset} in the first batch are the reader's to pass over. Empty when {@code offset} is at the limit or above.
     *
     * @throws OffsetOutOfRangeException if {@code offset} is below the log's start or above its end
     * @throws LogDamagedException if the bytes there are not batches
     * @throws LogClosedException if the log was closed or deleted
     */
    public LogSlice read(long offset, int maxBytes, long limitOffset) throws IOException {
        long end = endOffset;
        if (offset < logStartOffset() || offset > end) {
            throw new OffsetOutOfRangeException(offset, logStartOffset(), end);
        }
        long limit = Math.min(limitOffset, end);
        if (offset >= limit) {
            return LogSlice.EMPTY;
        }
        Segment segment = segmentOf(offset);
        try {
            // The size must be read before the offset: see Segment.
            int size = segment.size();
            int upTo = limit >= segment.nextOffset() ? size : segment.positionOf(limit);
            int from = segment.positionOf(offset);
            if (from >= upTo) {
                return LogSlice.EMPTY;
            }
            if (upTo - from > maxBytes) {
                upTo = segment.lastEndBefore(from, (int) Math.min((long) from + Math.max(maxBytes, 0), size), upTo);
            }
            return new LogSlice(segment.file(), from, upTo - from);
        } catch (CorruptBatchException e) {
            throw new LogDamagedException(
                    "Log " + name + " cannot be read at offset " + offset + ": " + e.getMessage());
        } catch (ClosedChannelException _) {
            throw new LogClosedException("Log " + name + " is closed");
        }
    }

    /** The first record, in order of offsets, with this timestamp (epoch ms) or a later one. */
    public Optional<TimestampedOffset> offsetForTime(long timestamp) throws IOException {
        RecordCursor cursor = new RecordCursor();
        try {
            for (Segment segment : segments) {
                if (segment.maxTimestamp() >= timestamp && segment.seekTime(timestamp, cursor)) {
                    return Optional.of(new TimestampedOffset(cursor.offset(), cursor.timestamp()));
                }
            }
        } catch (CorruptBatchException e) {
            throw new LogDamagedException("Log " + name + " cannot be searched for a time: " + e.getMessage());
        } catch (ClosedChannelException _) {
            throw new LogClosedException("Log " + name + " is closed");
        }
        return Optional.empty();
    }

    /** First offset there is. */
    public long logStartOffset() {
        return segments[0].baseOffset();
    }

    /** Offset the next record gets. */
    public long logEndOffset() {
        return endOffset;
    }

    /** Records below this offset survive a crash. */
    public long forcedEndOffset() {
        return forcedEndOffset;
    }

    /** Bytes of all segments. */
    public long sizeInBytes() {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.size();
        }
        return sum;
    }

    public int segmentCount() {
        return segments.length;
    }

    /** Uses other sizes and ages from the next append on. */
    public void reconfigure(LogConfig newConfig) {
        config = newConfig;
    }

    void close() throws IOException {
        closed = true;
        forcing.lock();
        try {
            for (Segment segment : segments) {
                segment.file().close();
            }
        } finally {
            forcing.unlock();
        }
    }

    private void checkWritable() throws IOException {
        IOException fenced = fence;
        if (fenced != null) {
            throw new LogFencedException("Log " + name + " takes no more writes: " + fenced.getMessage(), fenced);
        }
        if (closed) {
            throw new LogClosedException("Log " + name + " is closed");
        }
    }

    private IOException undone(Segment segment, IOException e) {
        try {
            segment.cutBack();
        } catch (IOException f) {
            f.addSuppressed(e);
            fence = f;
            return new LogFencedException(
                    "Log " + name + " takes no more writes: a write failed and could not be undone", f);
        }
        if (e instanceof DiskFullException) {
            return new LogFullException("Log " + name + " has no room to grow: " + e.getMessage(), e);
        }
        return e;
    }

    private Segment segmentFor(int bytes, long lastOffset, long nowMillis) throws IOException {
        Segment[] now = segments;
        Segment active = now[now.length - 1];
        if (active.size() == 0) {
            return active;
        }
        boolean full = (long) active.size() + bytes > config.segmentBytes() || !active.canHold(bytes, lastOffset);
        boolean old =
                active.firstAppendMillis() >= 0 && nowMillis - active.firstAppendMillis() >= config.segmentMillis();
        if (!full && !old) {
            return active;
        }
        long base = active.nextOffset();
        Segment next = new Segment(disk.create(folder.resolve(SegmentFiles.name(base, SegmentFiles.LOG))), base);
        Segment[] more = Arrays.copyOf(now, now.length + 1);
        more[now.length] = next;
        segments = more;
        return next;
    }

    private void forceUpTo(Segment[] all) throws IOException {
        while (forcedSegments < all.length - 1) {
            all[forcedSegments].force();
            forcedSegments++;
        }
        Segment active = all[all.length - 1];
        if (active.baseOffset() > directoryForcedTo) {
            disk.forceDirectory(folder);
            directoryForcedTo = active.baseOffset();
        }
        active.force();
    }

    private Segment segmentOf(long offset) {
        Segment[] now = segments;
        int low = 0;
        int high = now.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (now[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return now[low];
    }
}

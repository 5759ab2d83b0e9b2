package io.naru.commitlog;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One append-only log of record batches, kept in segments. {@link #append}, {@link #reconfigure} and {@link
 * #acceptDamage} are called by one thread at a time, its owner; every other method by any thread, and none of them waits
 * for the owner. A record survives a crash once its offset lies below {@link #forcedEndOffset}.
 *
 * <p>The owner must not be interrupted while it appends: an interrupt closes files, which fences the log.
 */
public final class CommitLog {
    private static final System.Logger LOG = System.getLogger(CommitLog.class.getName());

    private final SegmentFolder folder;
    private final String name;
    private final RecoveryReport recovery;
    private final ReentrantLock forcing = new ReentrantLock();
    private final RecordBatch header = new RecordBatch();

    private volatile LogConfig config;
    private volatile LogState state;
    private volatile SegmentList segments;
    private volatile long endOffset;
    private volatile long forcedEndOffset;
    private @Nullable TailCut pendingCut;

    /** Segments, from the first on, that are forced and sealed; guarded by {@link #forcing}. */
    private int finishedSegments;

    CommitLog(SegmentFolder folder, String name, LogConfig config, LogRecovery.Recovered recovered) {
        this.folder = folder;
        this.name = name;
        this.config = config;
        this.recovery = recovered.report();
        this.state = recovered.damage().isEmpty() ? new LogState.Writable() : new LogState.Damaged(recovered.damage());
        this.pendingCut = recovered.pendingCut();
        this.segments = new SegmentList(recovered.segments());
        this.endOffset = segments.last().nextOffset();
        this.forcedEndOffset = endOffset;
        this.finishedSegments = segments.count() - 1;
    }

    /** The name it was opened under. */
    public String name() {
        return name;
    }

    /** What opening it found. */
    public RecoveryReport recovery() {
        return recovery;
    }

    /** Whether it takes appends, and why not. */
    public LogState state() {
        return state;
    }

    /**
     * Appends one batch, which the buffer holds from its position to its limit; both stay as they are. The batch's base
     * offset and leader epoch are written into the buffer. The caller has checked the batch; only its frame is looked
     * at again. On return it can be read, but may not survive a crash before a {@link #force}.
     *
     * @param nowMillis the owner's clock, by which segments age
     * @throws LogFullException if the disk is full; nothing was appended, a later try may succeed
     * @throws LogFencedException if a force failed before, or the disk cannot be brought back to whole batches
     * @throws LogDamagedException if an operator has to accept damage first
     * @throws LogClosedException if the log was closed or deleted
     * @throws IOException if the write failed; nothing was appended
     * @throws CorruptBatchException if the buffer holds anything but one batch
     */
    public LogAppend append(ByteBuffer batch, int leaderEpoch, long nowMillis) throws IOException {
        checkWritable();
        int bytes = batch.remaining();
        header.wrap(batch, batch.position());
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
        try {
            Segment segment = segmentFor(bytes, last, nowMillis);
            segment.append(batch, header, nowMillis);
        } catch (IOException e) {
            throw undone(e);
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
            checkForceable();
            long end = endOffset;
            if (end > forcedEndOffset) {
                SegmentList now = segments;
                forceFrom(now);
                forcedEndOffset = end;
                sealFinished(now);
            }
            return end;
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
        SegmentList now = segments;
        if (offset < now.first().baseOffset() || offset > end) {
            throw new OffsetOutOfRangeException(offset, now.first().baseOffset(), end);
        }
        long limit = Math.min(limitOffset, end);
        try {
            return offset >= limit ? LogSlice.EMPTY : now.read(offset, maxBytes, limit);
        } catch (CorruptBatchException e) {
            throw new LogDamagedException(
                    "Log " + name + " cannot be read at offset " + offset + ": " + e.getMessage());
        } catch (ClosedChannelException e) {
            throw closedMeanwhile(e);
        }
    }

    /**
     * The first record, in order of offsets, with this timestamp (epoch ms) or a later one.
     *
     * @throws LogDamagedException if the bytes to search are not batches
     * @throws LogClosedException if the log was closed or deleted
     */
    public Optional<TimestampedOffset> offsetForTime(long timestamp) throws IOException {
        try {
            return segments.firstSince(timestamp);
        } catch (CorruptBatchException e) {
            throw new LogDamagedException("Log " + name + " cannot be searched for a time: " + e.getMessage());
        } catch (ClosedChannelException e) {
            throw closedMeanwhile(e);
        }
    }

    /** First offset there is. */
    public long logStartOffset() {
        return segments.first().baseOffset();
    }

    /** Offset the next record gets. */
    public long logEndOffset() {
        return endOffset;
    }

    /** Records below this offset survive a crash. */
    public long forcedEndOffset() {
        return forcedEndOffset;
    }

    /** Bytes of all segments, indexes not counted. */
    public long sizeInBytes() {
        return segments.sizeInBytes();
    }

    public int segmentCount() {
        return segments.count();
    }

    /** Uses other sizes and ages from the next append on. */
    public void reconfigure(LogConfig newConfig) {
        config = newConfig;
    }

    /**
     * Goes on without what was found damaged: it is put aside, and the log takes appends again from its present end.
     * Does nothing unless the state is {@link LogState.Damaged}.
     */
    public void acceptDamage() throws IOException {
        if (!(state instanceof LogState.Damaged(String reason))) {
            return;
        }
        TailCut cut = pendingCut;
        if (cut != null) {
            TailCut.Outcome outcome = cut.perform(true);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The damage of log {0} was accepted: {1} bytes are kept in {2}. It was: {3}",
                    name,
                    outcome.bytes(),
                    outcome.files(),
                    reason);
            pendingCut = null;
        }
        FenceMark.remove(folder);
        state = new LogState.Writable();
    }

    /** Whether the next opening may trust what it finds without reading it. */
    boolean isSound() {
        return state instanceof LogState.Writable && forcedEndOffset == endOffset;
    }

    /** Forces everything and writes the indexes, so that the next opening reads nothing; the owner has stopped. */
    void forceAndSeal() throws IOException {
        force();
        if (isSound()) {
            segments.last().seal();
            folder.force();
        }
    }

    /** Ends all use of the files; idempotent. */
    void close() throws IOException {
        state = new LogState.Closed();
        forcing.lock();
        try {
            SegmentList now = segments;
            for (int i = 0; i < now.count(); i++) {
                now.get(i).close();
            }
        } finally {
            forcing.unlock();
        }
    }

    private void checkWritable() throws IOException {
        switch (state) {
            case LogState.Writable _ -> {}
            case LogState.Fenced(IOException cause) -> throw fencedBy(cause);
            case LogState.Damaged(String reason) ->
                throw new LogDamagedException("Log " + name + " takes no writes: " + reason);
            case LogState.Closed _ -> throw closed();
        }
    }

    private void checkForceable() throws IOException {
        switch (state) {
            case LogState.Writable _, LogState.Damaged _ -> {}
            case LogState.Fenced(IOException cause) -> throw fencedBy(cause);
            case LogState.Closed _ -> throw closed();
        }
    }

    private LogFencedException fencedBy(IOException cause) {
        return new LogFencedException("Log " + name + " takes no more writes, since its disk failed: " + cause, cause);
    }

    private LogClosedException closed() {
        return new LogClosedException("Log " + name + " was closed or deleted");
    }

    private IOException closedMeanwhile(ClosedChannelException e) {
        if (state instanceof LogState.Closed) {
            LogClosedException closed = closed();
            closed.initCause(e);
            return closed;
        }
        return e;
    }

    private IOException undone(IOException e) {
        if (state instanceof LogState.Closed) {
            return closed();
        }
        try {
            segments.last().cutBack();
        } catch (IOException f) {
            f.addSuppressed(e);
            fence(f);
            return fencedBy(f);
        }
        if (e instanceof DiskFullException) {
            return new LogFullException("Log " + name + " has no room to grow: " + e.getMessage(), e);
        }
        return e;
    }

    private void fence(IOException cause) {
        state = new LogState.Fenced(cause);
        LOG.log(System.Logger.Level.ERROR, "Log " + name + " takes no more writes, since its disk failed", cause);
        FenceMark.leave(folder, forcedEndOffset, cause);
    }

    private Segment segmentFor(int bytes, long lastOffset, long nowMillis) throws IOException {
        SegmentList now = segments;
        Segment active = now.last();
        if (active.size() == 0) {
            return active;
        }
        LogConfig current = config;
        long first = active.firstAppendMillis();
        boolean full = (long) active.size() + bytes > current.segmentBytes() || !active.canHold(bytes, lastOffset);
        if (!full && (first < 0 || nowMillis - first < current.segmentMillis())) {
            return active;
        }
        Segment next = Segment.create(folder, active.nextOffset(), current.indexIntervalBytes());
        segments = now.with(next);
        return next;
    }

    /** In order, so that no segment is on the disk before those it follows; the folder's entries with them. */
    private void forceFrom(SegmentList now) throws IOException {
        try {
            for (int i = finishedSegments; i < now.count() - 1; i++) {
                now.get(i).force();
            }
            if (finishedSegments < now.count() - 1) {
                folder.force();
            }
            now.last().force();
        } catch (IOException e) {
            if (state instanceof LogState.Closed) {
                throw closed();
            }
            fence(e);
            throw e;
        }
    }

    /** Indexes are no part of the promise: where they cannot be written, they stay in memory. */
    private void sealFinished(SegmentList now) {
        int finished = now.count() - 1;
        if (finishedSegments == finished) {
            return;
        }
        try {
            for (int i = finishedSegments; i < finished; i++) {
                now.get(i).seal();
            }
            folder.force();
            for (int i = finishedSegments; i < finished; i++) {
                now.get(i).releaseIndex();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Indexes of log " + name + " could not be written", e);
        }
        finishedSegments = finished;
    }
}

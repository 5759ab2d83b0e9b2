package io.naru.commitlog;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.damage.Damage;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.disk.TooManyOpenFilesException;
import io.naru.commitlog.epoch.EpochEnd;
import io.naru.commitlog.epoch.EpochHistory;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.producer.Verdict;
import io.naru.commitlog.segment.DamagedBatchesException;
import io.naru.commitlog.segment.RecoveryPoint;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import io.naru.commitlog.snapshot.SnapshotFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One append-only log of record batches, kept in segments. {@link #append}, {@link #rollIfDue}, {@link #reconfigure} and
 * {@link #acceptDamage} are called by one thread at a time, its owner; every other method by any thread, and none of them
 * waits for the owner. A record survives a crash once its offset lies below {@link #forcedEndOffset}.
 */
public final class CommitLog {
    private static final System.Logger LOG = System.getLogger(CommitLog.class.getName());

    private final SegmentFolder folder;
    private final String name;
    private final RecoveryReport recovery;
    private final FreeSpace space;
    private final StateGuard guard;
    private final ReentrantLock forcing = new ReentrantLock();
    /** Held by whoever writes indexes, which nobody waits for. */
    private final ReentrantLock sealing = new ReentrantLock();

    private final SegmentForcer forcer;
    private final BatchHistory history;
    private final RecordBatch header = new RecordBatch();
    private final LiveSegments live;
    private final LogUpkeep upkeep;
    private final LogCompaction compaction;

    private volatile LogConfig config;
    private volatile long endOffset;
    private volatile long forcedEndOffset;
    private volatile @Nullable RecoveryPoint recoveryPoint;
    // Guarded by sealing.
    private int pointGeneration;
    private boolean pointMayBeVoid = true;
    private @Nullable TailCut pendingCut;

    CommitLog(
            SegmentFolder folder,
            String name,
            LogConfig config,
            ProducerLimits producers,
            FreeSpace space,
            LogRecovery.Recovered recovered)
            throws IOException {
        this.folder = folder;
        this.name = name;
        this.space = space;
        this.config = config;
        this.recovery = recovered.report();
        this.guard = new StateGuard(folder, name, recovered.damage());
        this.pendingCut = recovered.pendingCut();
        this.live = new LiveSegments(folder, recovered.segments(), recovered.startOffset());
        this.endOffset = live.list().last().nextOffset();
        this.forcedEndOffset = endOffset;
        this.forcer = new SegmentForcer(folder, live.list());
        SnapshotFiles snapshots = new SnapshotFiles(folder, producers);
        if (recovered.damage().isEmpty()) {
            // Else they may tell of batches that somebody brings back.
            snapshots.deleteBeyond(endOffset);
        }
        CompactionNote compacted = CompactionNote.read(folder);
        this.history = BatchHistory.load(snapshots, producers, live.list(), compacted.rewrittenBelow());
        // Of a damaged log nothing new is known: what the directory has noted of it stays.
        this.recoveryPoint = recovered.damage().isEmpty() ? live.list().last().point() : null;
        this.upkeep = new LogUpkeep(this, folder, guard, live, history, forcing, sealing);
        this.compaction = new LogCompaction(this, folder, guard, live, history, upkeep, space, compacted);
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
        return guard.state();
    }

    /**
     * Appends one batch, which the buffer holds from its position to its limit; both stay as they are. The batch's base
     * offset and leader epoch are written into the buffer. The caller has checked the batch; only its frame is looked
     * at again. On return it can be read, but may not survive a crash before a {@link #force}.
     *
     * <p>A batch that names its producer and is in the log already is not appended again: the answer says where it is.
     * Whoever sent it may take it for stored when that one is.
     *
     * @param nowMillis the owner's clock, by which segments and producers age
     * @throws BatchRefusedException if its producer may not append it
     * @throws StaleEpochException if the log holds records of a later leader epoch
     * @throws LogFullException if the disk is full or has less room than is to be kept free; nothing was appended, a
     *     later try may succeed
     * @throws LogFencedException if a force failed before, or the disk cannot be brought back to whole batches
     * @throws LogDamagedException if an operator has to accept damage first
     * @throws LogClosedException if the log was closed or deleted
     * @throws IOException if the write failed, or no more files can be opened; nothing was appended
     * @throws CorruptBatchException if the buffer holds anything but one batch
     */
    public LogAppend append(ByteBuffer batch, int leaderEpoch, long nowMillis) throws IOException {
        try {
            return appendWrapped(batch, leaderEpoch, nowMillis);
        } finally {
            // A log that rests must not hold the last batch it was given.
            header.release();
        }
    }

    private LogAppend appendWrapped(ByteBuffer batch, int leaderEpoch, long nowMillis) throws IOException {
        guard.checkWritable();
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
        checkEpoch(leaderEpoch);
        Verdict verdict = history.check(header, nowMillis);
        if (!(verdict instanceof Verdict.Append)) {
            return unappended(verdict);
        }
        if (!space.admits(bytes, nowMillis)) {
            throw new LogFullException("Log " + name + " has no room to grow: its disk has "
                    + space.space().usableBytes() + " bytes left, and " + space.floorBytes() + " are kept free");
        }
        long base = endOffset;
        long last = base + count - 1;
        header.assign(base, leaderEpoch);
        try {
            Segment segment = segmentFor(bytes, last, nowMillis);
            segment.append(batch, header, nowMillis);
            history.appended(header, segment.size() - bytes, nowMillis);
        } catch (IOException e) {
            throw undone(e);
        }
        endOffset = last + 1;
        return new LogAppend(base, last, header.maxTimestamp(), bytes, false);
    }

    /**
     * Brings to the disk what was appended before the call. One force runs at a time; others wait. A failure fences
     * the log for good, since nobody knows any more what the disk holds; but not that no more files can be opened: then
     * the same may succeed later.
     *
     * @return the end offset that is now sure to survive a crash
     */
    public long force() throws IOException {
        long end = forceOnly();
        sealFinished();
        return end;
    }

    /** As {@link #force}, but leaves it to others to {@link #sealFinished}. */
    long forceOnly() throws IOException {
        forcing.lock();
        try {
            guard.checkForceable();
            long end = endOffset;
            if (end > forcedEndOffset) {
                SegmentList now = live.list();
                RecoveryPoint point = now.last().point();
                forceAll(now);
                forcedEndOffset = end;
                recoveryPoint = point;
            }
            return end;
        } finally {
            forcing.unlock();
        }
    }

    /**
     * A view of whole batches from the one that holds {@code offset}: at most {@code maxBytes} unless the first alone
     * is larger, all within one segment, and only such as lie entirely below {@code limitOffset}. Records before {@code
     * offset} in the first batch are the reader's to pass over. Empty when {@code offset} is at the limit or above. What
     * is damaged is in no slice, but only {@linkplain LogSlice#readSoundInto reading} it may tell.
     *
     * @throws OffsetOutOfRangeException if {@code offset} is below the log's start or above its end
     * @throws LogDamagedException if the bytes there are not batches; it names the place, and where to read on
     * @throws LogClosedException if the log was closed or deleted
     */
    public LogSlice read(long offset, int maxBytes, long limitOffset) throws IOException {
        while (true) {
            long end = endOffset;
            SegmentList now = live.list();
            long start = live.startOffset();
            if (offset < start || offset > end) {
                throw new OffsetOutOfRangeException(offset, start, end);
            }
            long limit = Math.min(limitOffset, end);
            try {
                return offset >= limit ? LogSlice.EMPTY : now.read(offset, maxBytes, limit);
            } catch (DamagedBatchesException e) {
                throw new LogDamagedException(
                        "Log " + name + " cannot be read at offset " + offset + ". " + e.getMessage(), e);
            } catch (CorruptBatchException e) {
                throw new LogDamagedException(
                        "Log " + name + " cannot be read at offset " + offset + ": " + e.getMessage());
            } catch (ClosedChannelException e) {
                checkOutdated(now, e);
            }
        }
    }

    /**
     * The first record, in order of offsets, with this timestamp (epoch ms) or a later one.
     *
     * @throws LogDamagedException if the bytes to search are not batches
     * @throws LogClosedException if the log was closed or deleted
     */
    public Optional<TimestampedOffset> offsetForTime(long timestamp) throws IOException {
        while (true) {
            SegmentList now = live.list();
            try {
                return now.firstSince(timestamp, live.startOffset());
            } catch (DamagedBatchesException e) {
                throw new LogDamagedException("Log " + name + " cannot be searched for a time. " + e.getMessage(), e);
            } catch (CorruptBatchException e) {
                throw new LogDamagedException("Log " + name + " cannot be searched for a time: " + e.getMessage());
            } catch (ClosedChannelException e) {
                checkOutdated(now, e);
            }
        }
    }

    /**
     * Where what was written in leader epochs up to {@code epoch} ends, for a replica that wants to know how far its own
     * log agrees with this one: see {@link EpochEnd}. An epoch in which nothing was appended is not known here.
     */
    public EpochEnd endOffsetFor(int epoch) {
        while (true) {
            // Both of one moment: the end of a log that has changed epochs meanwhile is another epoch's.
            EpochHistory now = history.epochs();
            long end = endOffset;
            if (now.equals(history.epochs())) {
                return now.startingAt(logStartOffset()).endOf(epoch, end);
            }
        }
    }

    /** The leader epoch of the last record, or {@link EpochHistory#NONE}. */
    public int latestEpoch() {
        return history.epochs().latest();
    }

    /**
     * Begins a new segment where the active one has come of age, or all its records have, so that it can be deleted
     * though nobody appends any more, and forgets producers whose time is over; owner only.
     *
     * @return whether it began a new segment
     */
    public boolean rollIfDue(RetentionLimits limits, long nowMillis) throws IOException {
        history.expire(nowMillis);
        Segment active = live.list().last();
        if (!guard.isWritable()
                || active.size() == 0
                || (active.ageAt(nowMillis) < config.segmentMillis()
                        && !Retention.isLastExpired(limits, active, nowMillis))) {
            return false;
        }
        roll(active, nowMillis);
        return true;
    }

    /** What was found damaged in its files since it was opened, mended or not. */
    public List<Damage> damages() {
        return folder.damages().in(folder.path());
    }

    /** What takes records away that the log need not keep. */
    public LogUpkeep upkeep() {
        return upkeep;
    }

    /** What leaves of the records with one key the latest. */
    public LogCompaction compaction() {
        return compaction;
    }

    /** First offset there is. */
    public long logStartOffset() {
        return live.startOffset();
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
        return live.list().sizeInBytes();
    }

    /** Files of batches, at least 1. */
    public int segmentCount() {
        return live.list().count();
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
        if (!(guard.state() instanceof LogState.Damaged(String reason))) {
            return;
        }
        TailCut cut = pendingCut;
        if (cut != null) {
            voidPoint();
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
        if (endOffset < live.startOffset()) {
            beginAnew();
        }
        SegmentSwap.putDamagedAside(folder);
        if (cut != null) {
            // Kept until now, for they told of what somebody might have brought back.
            history.cutting(endOffset);
            history.cut(live.list());
        }
        folder.damages().forget(folder.path());
        LogStart.accept(folder, live.startOffset());
        FenceMark.remove(folder);
        recoveryPoint = live.list().last().point();
        guard.accept();
    }

    /** Looks at all its files for damage, at this pace. */
    void scrub(ScrubPace pace) throws IOException {
        new LogScrub(this, folder, live, guard, history, upkeep, pace).run();
    }

    /** Sizes and ages in force. */
    LogConfig config() {
        return config;
    }

    /** Whether segments have been finished and forced whose indexes are not on the disk yet. */
    boolean hasUnsealed() {
        return forcer.hasUnsealed();
    }

    /** Writes the indexes of segments that have been finished and forced, so that they are never read through again. */
    void sealFinished() {
        if (!forcer.hasUnsealed()) {
            return;
        }
        sealing.lock();
        try {
            if (!guard.isClosed()) {
                forcer.seal(live.list());
                history.save(forcedEndOffset);
            }
        } finally {
            sealing.unlock();
        }
    }

    /** How far the last segment has been forced; null while that is not known any better than before. */
    @Nullable
    RecoveryPoint recoveryPoint() {
        return recoveryPoint;
    }

    /**
     * Writes the index of the last segment as far as that has been forced, if so many bytes are not covered yet or so
     * many entries take memory; it grows on as before.
     *
     * @return whether it did
     */
    boolean sealLast(long bytes, int entries) throws IOException {
        RecoveryPoint point = recoveryPoint;
        Segment last = live.list().last();
        if (point == null
                || point.baseOffset() != last.baseOffset()
                || !last.wouldSeal(point)
                || (last.unsealedBytes() < bytes && last.indexEntriesInMemory() < entries)) {
            return false;
        }
        sealing.lock();
        try {
            if (!guard.isWritable()) {
                return false;
            }
            last.seal(point);
            folder.force();
            last.releaseIndex();
            history.save(forcedEndOffset);
            return true;
        } finally {
            sealing.unlock();
        }
    }

    /** Grows whenever all recovery points known before become void. */
    int pointGeneration() {
        sealing.lock();
        try {
            return pointGeneration;
        } finally {
            sealing.unlock();
        }
    }

    /** The directory has noted a recovery point of this generation, so what it has noted of this log counts. */
    void pointNoted(int generation) throws IOException {
        sealing.lock();
        try {
            if (pointMayBeVoid && generation == pointGeneration && !guard.isClosed()) {
                folder.acceptPoint();
                pointMayBeVoid = false;
            }
        } finally {
            sealing.unlock();
        }
    }

    /** To be called before bytes are cut off that had been forced; a new point follows once the cut has been. */
    private void voidPoint() throws IOException {
        sealing.lock();
        try {
            recoveryPoint = null;
            pointGeneration++;
            pointMayBeVoid = true;
            folder.voidPoint();
        } finally {
            sealing.unlock();
        }
    }

    /** Whether the next opening may trust what it finds without reading it. */
    boolean isSound() {
        return guard.isWritable() && forcedEndOffset == endOffset;
    }

    /**
     * Forces everything and writes the indexes, so that the next opening reads nothing; the owner has stopped. An index
     * that would take reading the segment is left to whoever needs it: the recovery point suffices to open the log.
     */
    void forceAndSeal() throws IOException {
        force();
        if (!isSound()) {
            return;
        }
        Segment last = live.list().last();
        if (last.isIndexAtHand()) {
            last.seal();
            folder.force();
        }
        live.purgeAll();
        history.saveAll(forcedEndOffset);
    }

    /** Ends all use of the files; idempotent. */
    void close() throws IOException {
        guard.close();
        compaction.awaitEnd();
        upkeep.close();
    }

    /** Returns where a file was closed because the reader's list is out of date; a newer one is there then. */
    private void checkOutdated(SegmentList seen, ClosedChannelException e) throws IOException {
        if (guard.isClosed()) {
            LogClosedException closed = guard.closed();
            closed.initCause(e);
            throw closed;
        }
        if (live.list() == seen) {
            throw e;
        }
    }

    private void checkEpoch(int leaderEpoch) throws StaleEpochException {
        int latest = history.epochs().latest();
        if (leaderEpoch < latest) {
            throw new StaleEpochException("Log " + name + " holds records of leader epoch " + latest
                    + " and takes no more of epoch " + leaderEpoch + ": another leader has taken over");
        }
    }

    private LogAppend unappended(Verdict verdict) throws BatchRefusedException {
        return switch (verdict) {
            case Verdict.Append _ -> throw new IllegalArgumentException("That batch is to be appended");
            case Verdict.Duplicate(long base, long last, long maxTimestamp) ->
                new LogAppend(base, last, maxTimestamp, 0, true);
            case Verdict.OutOfOrder refusal ->
                throw refused(
                        "the producer's next sequence number is " + refusal.expectedSequence() + ", and the batch has "
                                + header.baseSequence(),
                        refusal);
            case Verdict.Fenced refusal ->
                throw refused(
                        "the batch is of epoch " + header.producerEpoch() + " of its producer, which is in epoch "
                                + refusal.currentEpoch() + " by now",
                        refusal);
            case Verdict.TooManyProducers refusal ->
                throw refused(
                        "it remembers " + refusal.limit()
                                + " producers, and each of them may still repeat its last batch",
                        refusal);
            case Verdict.TooManyKeys refusal ->
                throw refused("it remembers " + refusal.limit() + " keys of the last requests, and no more", refusal);
        };
    }

    private BatchRefusedException refused(String why, Verdict.Refusal refusal) {
        return new BatchRefusedException("Log " + name + " does not take the batch: " + why, refusal);
    }

    /** The log has lost what it held from its start on: goes on there, since offsets below are never given again. */
    private void beginAnew() throws IOException {
        long start = live.startOffset();
        upkeep.beginAnew(Segment.create(folder, start, config.indexIntervalBytes(), -1));
        folder.force();
        endOffset = start;
        forcedEndOffset = start;
    }

    private IOException undone(IOException e) {
        if (guard.isClosed()) {
            return guard.closed();
        }
        if (e instanceof TooManyOpenFilesException) {
            // Nothing was written.
            return e;
        }
        try {
            live.list().last().cutBack();
        } catch (IOException f) {
            f.addSuppressed(e);
            return guard.fence("a write failed (" + e + ") and could not be cut back", f, forcedEndOffset);
        }
        if (e instanceof DiskFullException) {
            return new LogFullException("Log " + name + " has no room to grow: " + e.getMessage(), e);
        }
        return e;
    }

    private Segment segmentFor(int bytes, long lastOffset, long nowMillis) throws IOException {
        Segment active = live.list().last();
        if (active.size() == 0) {
            return active;
        }
        LogConfig current = config;
        boolean full = (long) active.size() + bytes > current.segmentBytes() || !active.canHold(bytes, lastOffset);
        return full || active.ageAt(nowMillis) >= current.segmentMillis() ? roll(active, nowMillis) : active;
    }

    private Segment roll(Segment active, long nowMillis) throws IOException {
        Segment next = Segment.create(folder, active.nextOffset(), config.indexIntervalBytes(), nowMillis);
        live.add(next);
        history.rolled(logStartOffset(), nowMillis);
        return next;
    }

    private void forceAll(SegmentList now) throws IOException {
        try {
            forcer.force(now);
        } catch (TooManyOpenFilesException e) {
            // Nothing was tried: what has been written has its file open.
            throw e;
        } catch (IOException e) {
            LogException fenced = guard.fence("a force failed", e, forcedEndOffset);
            throw guard.isClosed() ? fenced : e;
        }
    }
}

package io.naru.commitlog;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.epoch.EpochHistory;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.producer.ProducerState;
import io.naru.commitlog.producer.Verdict;
import io.naru.commitlog.snapshot.EncodedSnapshot;
import io.naru.commitlog.snapshot.LogSnapshot;
import io.naru.commitlog.snapshot.SnapshotFiles;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the batches of a log tell beside their records: which leaders wrote them, and which producers. All of it can be
 * read from the log again; snapshots spare that for most of it. What no snapshot holds is gone after a crash, and read
 * from the log when it is opened.
 *
 * <p>Thread-safe. The log's owner tells of batches; whoever writes the log's indexes has snapshots written, too, and
 * holds up the owner no longer than it takes to copy the state.
 */
final class BatchHistory {
    private static final System.Logger LOG = System.getLogger(BatchHistory.class.getName());
    /** Bytes appended for each byte of a snapshot, at the least. */
    private static final int BYTES_FOR_EACH = 4;

    private final SnapshotFiles files;
    private final ProducerLimits limits;
    private final long rewrittenBelow;
    /** Held by whoever changes the files; taken before this object's monitor, where both are. */
    private final ReentrantLock saving = new ReentrantLock();
    /** Offset of the newest snapshot in the files; -1 if it is not known. */
    private volatile long savedOffset = -1;

    private volatile EpochHistory epochs = EpochHistory.EMPTY;
    // All that follows is guarded by this object's monitor, and so are changes of the epochs.
    private ProducerState producers;
    private long endOffset;
    private int lastPosition = LogSnapshot.NOWHERE;
    /** Bytes of batches behind the newest snapshot. */
    private long newBytes;

    private boolean beingCut;

    private BatchHistory(SnapshotFiles files, ProducerLimits limits, long rewrittenBelow) {
        this.files = files;
        this.limits = limits;
        this.rewrittenBelow = rewrittenBelow;
        this.producers = new ProducerState(limits);
    }

    /**
     * What the batches of a log that is being opened tell: the newest snapshot that fits it, and all behind that.
     *
     * @param rewrittenBelow offset below which batches may lie elsewhere than a snapshot says
     */
    static BatchHistory load(SnapshotFiles files, ProducerLimits limits, SegmentList segments, long rewrittenBelow)
            throws IOException {
        BatchHistory history = new BatchHistory(files, limits, rewrittenBelow);
        history.read(segments);
        return history;
    }

    /** Which leaders wrote the log, and perhaps some that wrote what it has lost at its start. Of one moment. */
    EpochHistory epochs() {
        return epochs;
    }

    /** Reads all snapshots in the files; those that are damaged are reported, and missed by nobody before the log is opened. */
    void checkSnapshots(ScrubPace pace) throws IOException {
        for (long offset : files.offsets()) {
            pace.spend(files.sizeInBytes(offset));
            files.read(offset);
        }
    }

    /** As {@link ProducerState#check}. */
    synchronized Verdict check(RecordBatch batch, long nowMillis) {
        return producers.check(batch, nowMillis);
    }

    /**
     * Takes note of a batch that has just become the log's last. Allocates nothing where it tells nothing new.
     *
     * @param position of the batch in its segment
     */
    synchronized void appended(RecordBatch batch, int position, long nowMillis) {
        int epoch = batch.leaderEpoch();
        EpochHistory now = epochs;
        if (epoch != now.latest()) {
            epochs = now.with(epoch, batch.baseOffset());
        }
        producers.appended(batch, nowMillis);
        endOffset = batch.lastOffset() + 1;
        lastPosition = position;
        newBytes += batch.sizeInBytes();
    }

    /** The log begins a new segment, a good moment to forget what is over. */
    synchronized void rolled(long startOffset, long nowMillis) {
        epochs = epochs.startingAt(startOffset);
        producers.expire(nowMillis);
    }

    /** Forgets producers and keys whose time is over, so that a log that rests holds none for ever. */
    synchronized void expire(long nowMillis) {
        producers.expire(nowMillis);
    }

    /**
     * Writes a snapshot, unless little was appended since the last. A failure costs no more than time.
     *
     * @param forcedEndOffset up to which the log survives a loss of power; a snapshot that tells of no more is kept
     */
    void save(long forcedEndOffset) {
        save(false, forcedEndOffset);
    }

    /** Writes a snapshot if anything was appended since the last. */
    void saveAll(long forcedEndOffset) {
        save(true, forcedEndOffset);
    }

    /**
     * To be called before the log loses what it holds before {@code startOffset}: of the producers that wrote it only a
     * snapshot will tell.
     *
     * @return how far the log has to be forced before that, or a loss of power makes the snapshot one of more than it holds
     * @throws IOException if there is no such snapshot and none could be written
     */
    long losing(long startOffset, long forcedEndOffset) throws IOException {
        if (knowsNobody()) {
            return 0;
        }
        if (savedOffset < startOffset) {
            write(true, forcedEndOffset);
        }
        if (savedOffset < startOffset) {
            throw new LogException("The log is being cut at its end and loses nothing at its start meanwhile");
        }
        return savedOffset;
    }

    /**
     * The base offsets of the batches that the log has to keep, whatever becomes of their records, so that all this can
     * be read from it again: each epoch's first, and those that producers are known by. Rising.
     */
    synchronized long[] indispensable() {
        return LongStream.concat(epochs.starts(), producers.baseOffsets())
                .sorted()
                .toArray();
    }

    private synchronized boolean knowsNobody() {
        return producers.producerCount() == 0 && producers.keyCount() == 0;
    }

    /**
     * To be called before the log is cut to {@code newEndOffset}: nothing on the disk tells of more from now on, since
     * what will be written there is something else.
     */
    void cutting(long newEndOffset) throws IOException {
        saving.lock();
        try {
            synchronized (this) {
                beingCut = true;
            }
            files.deleteBeyond(newEndOffset);
            savedOffset = -1;
        } finally {
            saving.unlock();
        }
    }

    /** To be called once these segments are what is left of the log, and before anything is appended. */
    synchronized void cut(SegmentList segments) throws IOException {
        read(segments);
        beingCut = false;
    }

    private synchronized void read(SegmentList segments) throws IOException {
        KnownBatches known = KnownBatches.find(files, segments, rewrittenBelow);
        FoundBatches found = new FoundBatches(known, limits, segments.first().baseOffset());
        segments.forEachBatch(known.segment(), known.position(), found);
        epochs = found.epochs();
        producers = found.producers();
        endOffset = segments.last().nextOffset();
        lastPosition = found.endOffset() == endOffset ? found.lastPosition() : LogSnapshot.NOWHERE;
        newBytes = found.bytes();
        savedOffset = known.offset();
    }

    private void save(boolean whateverIsNew, long forcedEndOffset) {
        try {
            write(whateverIsNew, forcedEndOffset);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A snapshot of what batches tell could not be written; should it be missed, they are read instead",
                    e);
        }
    }

    private void write(boolean whateverIsNew, long forcedEndOffset) throws IOException {
        saving.lock();
        try {
            EncodedSnapshot snapshot = taken(whateverIsNew);
            if (snapshot != null) {
                files.write(snapshot, forcedEndOffset);
                savedOffset = snapshot.offset();
            }
        } finally {
            saving.unlock();
        }
    }

    private synchronized @Nullable EncodedSnapshot taken(boolean whateverIsNew) {
        if (beingCut || endOffset == 0 || endOffset == savedOffset) {
            return null;
        }
        long size = LogSnapshot.sizeInBytes(epochs, producers);
        if (!whateverIsNew && newBytes < BYTES_FOR_EACH * size) {
            return null;
        }
        newBytes = 0;
        return LogSnapshot.encode(endOffset, lastPosition, epochs, producers);
    }
}

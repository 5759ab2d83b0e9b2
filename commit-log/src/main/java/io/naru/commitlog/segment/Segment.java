package io.naru.commitlog.segment;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.IndexHeader.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log: batches one after another, from its base offset on. One thread appends, any others read at the
 * same time; neither waits for the other. What was appended survives a crash once {@link #force} was called after it
 * and has returned.
 */
public final class Segment implements Closeable {
    private static final int SCAN_WINDOW_BYTES = 256 * 1024;

    private final SegmentFolder folder;
    private final DiskFile file;
    private final long baseOffset;
    private final int indexIntervalBytes;

    /** Held while an entry is added, so that none is lost when the part before it is given back. */
    private final Object indexing = new Object();

    private final AtomicInteger uses = new AtomicInteger();

    private volatile SegmentIndex index;
    private int indexedUpTo;
    private volatile boolean retired;
    /** The name of the file of batches where it is not the one that a segment of the log has. */
    private volatile @Nullable String asideName;

    private volatile long firstAppendMillis;
    private long lastAppendMillis = -1;
    private volatile long maxTimestamp = Long.MIN_VALUE;
    // One word, so that no reader ever takes the size of one moment for that of another: see Extent.
    private volatile long extent;

    /** Bytes that the offset index on the disk vouches for; -1 if there is none that does. */
    private volatile long sealedBytes = -1;

    private Segment(
            SegmentFolder folder, DiskFile file, long baseOffset, int indexIntervalBytes, long firstAppendMillis) {
        this.folder = folder;
        this.file = file;
        this.baseOffset = baseOffset;
        this.indexIntervalBytes = indexIntervalBytes;
        this.firstAppendMillis = firstAppendMillis;
        this.index = new SparseIndex();
    }

    /**
     * Makes the file of a new segment. Its entry in the folder is the caller's to force.
     *
     * @param nowMillis on the log's clock, -1 if there is none
     */
    public static Segment create(SegmentFolder folder, long baseOffset, int indexIntervalBytes, long nowMillis)
            throws IOException {
        return new Segment(folder, folder.createLog(baseOffset), baseOffset, indexIntervalBytes, nowMillis);
    }

    /**
     * Makes a segment that is to take the place of others, in a file that is none of the log's yet.
     *
     * @param name of that file; one that is there is what a failed attempt left
     * @param firstAppendMillis as the first of the others has it
     */
    public static Segment standIn(
            SegmentFolder folder, long baseOffset, String name, int indexIntervalBytes, long firstAppendMillis)
            throws IOException {
        folder.delete(name);
        DiskFile file = folder.disk().create(folder.path().resolve(name));
        Segment segment = new Segment(folder, file, baseOffset, indexIntervalBytes, firstAppendMillis);
        segment.asideName = name;
        return segment;
    }

    /** Opens a segment that lies in a file of another name, without a look at its bytes. */
    public static Segment aside(SegmentFolder folder, long baseOffset, String name, int indexIntervalBytes)
            throws IOException {
        DiskFile file = folder.disk().open(folder.path().resolve(name));
        Segment segment = new Segment(folder, file, baseOffset, indexIntervalBytes, -1);
        segment.asideName = name;
        return segment;
    }

    /** Opens a segment without a look at its bytes: {@link #scan} admits them. */
    public static Segment unscanned(SegmentFolder folder, long baseOffset, int indexIntervalBytes) throws IOException {
        return new Segment(folder, folder.openLog(baseOffset), baseOffset, indexIntervalBytes, -1);
    }

    /** Opens a finished segment whose seal has been found to fit. */
    static Segment sealed(SegmentFolder folder, IndexHeader seal) throws IOException {
        Segment segment = unscanned(folder, seal.baseOffset(), seal.indexIntervalBytes());
        segment.admitAll(seal, new StoredIndex(folder, seal));
        segment.sealedBytes = seal.logBytes();
        return segment;
    }

    /** Opens a segment to append to, whose seal covers its beginning; what it covers is not read. */
    static Segment resumed(SegmentFolder folder, IndexHeader seal) throws IOException {
        Segment segment = resumedAt(folder, seal);
        segment.sealedBytes = seal.logBytes();
        return segment;
    }

    /** Opens a segment to append to, of which it was noted how far it had been forced; that far it is not read. */
    static Segment resumed(SegmentFolder folder, RecoveryPoint noted, int indexIntervalBytes) throws IOException {
        return resumedAt(folder, noted.seal(indexIntervalBytes));
    }

    private static Segment resumedAt(SegmentFolder folder, IndexHeader covered) throws IOException {
        Segment segment = unscanned(folder, covered.baseOffset(), covered.indexIntervalBytes());
        segment.admitAll(covered, new ResumedIndex(new StoredIndex(folder, covered), new SparseIndex(), covered));
        return segment;
    }

    /** The file of batches, whose bytes below {@link #size} never change. */
    public DiskFile file() {
        return file;
    }

    /** Offset of the first record it holds or will hold. */
    public long baseOffset() {
        return baseOffset;
    }

    /** Offset of the record that would come next. */
    public long nextOffset() {
        return baseOffset + Extent.relativeNextOffset(extent);
    }

    /** Bytes of whole batches. */
    public int size() {
        return Extent.size(extent);
    }

    /**
     * Where the batches below {@code limit} end. The batch that holds {@code limit} is not among them, however many
     * are appended meanwhile; {@code limit} must not lie before this segment.
     */
    public int endBelow(long limit) throws IOException {
        long now = extent;
        // Both from one look: a size that is newer than the offset would include a batch at the limit.
        if (limit - baseOffset >= Extent.relativeNextOffset(now)) {
            return Extent.size(now);
        }
        try {
            return positionOf(limit);
        } catch (DamagedBatchesException e) {
            // What lies below the limit lies before the damage.
            return e.position();
        }
    }

    /** Largest timestamp of its records; {@link Long#MIN_VALUE} when there are none. */
    public long maxTimestamp() {
        return maxTimestamp;
    }

    /**
     * Time of the first append on the log's clock, or of the segment's making while it is empty; -1 if it is not known.
     * After a crash the first batch's timestamp stands in for it, which may be any.
     */
    public long firstAppendMillis() {
        return firstAppendMillis;
    }

    /** Time of the last append on the log's clock; -1 if there was none since the segment was opened. Appender only. */
    public long lastAppendMillis() {
        return lastAppendMillis;
    }

    /**
     * Time in ms since the first append; appender only. Where that is not known, or lies ahead of the clock, the
     * segment begins to age now.
     */
    public long ageAt(long nowMillis) {
        long first = firstAppendMillis;
        if (first < 0 || first > nowMillis) {
            firstAppendMillis = nowMillis;
            return 0;
        }
        return nowMillis - first;
    }

    /** Takes note of a reader of {@link #file}, so that the file is not taken away under it. */
    public void beginUse() {
        uses.incrementAndGet();
    }

    /** Takes note that a reader has what it wants. */
    public void endUse() {
        uses.decrementAndGet();
    }

    /** Whether anybody is reading the file right now. */
    public boolean isInUse() {
        return uses.get() > 0;
    }

    /** Takes note that this is no part of its log any more. */
    public void retire() {
        retired = true;
    }

    /** Whether this is no part of its log any more. */
    public boolean isRetired() {
        return retired;
    }

    /** Whether a batch of this size and last offset still fits the 32 bits that positions and offsets have here. */
    public boolean canHold(int bytes, long lastOffset) {
        return lastOffset - baseOffset <= Integer.MAX_VALUE && (long) size() + bytes <= Integer.MAX_VALUE;
    }

    /**
     * Writes one batch behind the last; appender only. The header must be complete. After an exception the file may be
     * longer than {@link #size}; see {@link #cutBack}. The buffer's position stays.
     */
    public void append(ByteBuffer batch, RecordBatch header, long nowMillis) throws IOException {
        int position = batch.position();
        int bytes = batch.remaining();
        try {
            file.write(batch, size());
        } finally {
            batch.position(position);
        }
        if (size() == 0 || firstAppendMillis < 0) {
            firstAppendMillis = nowMillis;
        }
        lastAppendMillis = nowMillis;
        admit(header, bytes);
    }

    /** Writes whole batches behind the last, in one write; appender only, of a segment that nobody reads yet. */
    public void appendAll(ByteBuffer batches) throws IOException {
        int start = batches.position();
        file.write(batches, size());
        RecordBatch header = new RecordBatch();
        for (int at = start; at < batches.limit(); ) {
            header.wrap(batches, at);
            int bytes = header.sizeInBytes();
            admit(header, bytes);
            at += bytes;
        }
    }

    /** Cuts off what lies behind the last whole batch; appender only. */
    public void cutBack() throws IOException {
        file.truncate(size());
    }

    /** Brings the batches to the disk; any thread. */
    public void force() throws IOException {
        file.force();
    }

    /**
     * Writes every byte once more, as it reads now; nobody else may use the segment meanwhile. After a failed force the
     * system may take bytes for written that it has in memory only; this makes it write them.
     */
    public void rewrite() throws IOException {
        int size = size();
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(size, SCAN_WINDOW_BYTES));
        for (int at = 0; at < size; at += chunk.limit()) {
            chunk.clear().limit(Math.min(chunk.capacity(), size - at));
            file.read(chunk, at);
            file.write(chunk.rewind(), at);
        }
    }

    /** How far it reaches now: its recovery point once that much has been forced. */
    public RecoveryPoint point() {
        // The extent first: the timestamp is then of it, or of more.
        long now = extent;
        return new RecoveryPoint(
                baseOffset,
                Extent.size(now),
                baseOffset + Extent.relativeNextOffset(now),
                maxTimestamp,
                firstAppendMillis);
    }

    /** Bytes that no seal covers, of those there are now. */
    public long unsealedBytes() {
        return size() - Math.max(0, sealedBytes);
    }

    /** Whether {@link #seal(RecoveryPoint)} would cover more than is covered. */
    public boolean wouldSeal(RecoveryPoint forced) {
        return forced.position() > sealedBytes;
    }

    /** Entries of the index that take memory. */
    public int indexEntriesInMemory() {
        return switch (index) {
            case SparseIndex growing -> growing.count();
            case ResumedIndex resumed -> resumed.tail().count();
            case StoredIndex _, IndexFiles _ -> 0;
        };
    }

    /** Whether sealing it takes no reading of batches, as it does where it was only noted how far it had been forced. */
    public boolean isIndexAtHand() {
        return !(index instanceof ResumedIndex resumed) || resumed.isAtHand(sealedBytes);
    }

    /** As {@link #seal(RecoveryPoint)}, of a segment whose every byte has been forced. */
    public void seal() throws IOException {
        seal(point());
    }

    /**
     * Writes the indexes of a segment up to a place to which it has been forced, and with them its seal; one thread at a
     * time, whoever appends meanwhile. Does nothing where the seal is there already. The folder's entries are the
     * caller's to force.
     */
    public void seal(RecoveryPoint forced) throws IOException {
        if (sealedBytes >= forced.position()) {
            return;
        }
        SparseIndex whole = new SparseIndex();
        switch (index) {
            case SparseIndex growing -> whole.addAll(growing, 0, forced.position());
            case ResumedIndex resumed -> whole = resumed.whole(forced.position());
            case StoredIndex stored -> whole = stored.load();
            case IndexFiles files -> whole = files.load();
        }
        IndexFiles.write(folder, forced.seal(indexIntervalBytes), whole);
        sealedBytes = forced.position();
    }

    /**
     * Gives the memory of the index back as far as {@link #seal} is done: that part is read from the disk from now on.
     * One thread at a time, the one that seals.
     */
    public void releaseIndex() throws IOException {
        IndexHeader seal = IndexFile.header(folder, Kind.OFFSETS, baseOffset);
        if (seal == null || seal.logBytes() != sealedBytes) {
            return;
        }
        synchronized (indexing) {
            SparseIndex tail = new SparseIndex();
            switch (index) {
                case SparseIndex growing -> tail.addAll(growing, seal.logBytes(), Long.MAX_VALUE);
                case ResumedIndex resumed -> tail.addAll(resumed.tail(), seal.logBytes(), Long.MAX_VALUE);
                case StoredIndex _, IndexFiles _ -> {
                    return;
                }
            }
            SegmentIndex before = index;
            index = new ResumedIndex(new StoredIndex(folder, seal), tail, seal);
            // Its files have been replaced: open, they would keep their room on the disk.
            before.close();
        }
    }

    /**
     * Position of the batch that holds {@code offset}, which must lie in this segment. Damage before it is passed over.
     *
     * @throws DamagedBatchesException if the batch that should hold it is damaged
     */
    public int positionOf(long offset) throws IOException {
        return new BatchFinder(this).positionOf(offset);
    }

    /**
     * Position of the last batch that begins below {@code offset}; -1 if there is none.
     *
     * @throws DamagedBatchesException if a batch on the way there is damaged
     */
    public int lastPositionBefore(long offset) throws IOException {
        return new BatchFinder(this).lastPositionBefore(offset);
    }

    /** Position of the last batch; -1 if there is none. */
    public int lastPosition() throws IOException {
        return lastPositionBefore(nextOffset());
    }

    /**
     * Where the last of the batches from {@code from} on ends that ends at or before {@code limit}; where the first
     * ends, if none does. Nothing at or behind {@code end}, itself the end of a batch, is looked at, nor what lies behind
     * any damage.
     */
    public int lastEnd(int from, long limit, int end) throws IOException {
        return new BatchFinder(this).lastEnd(from, limit, end);
    }

    /**
     * What to tell somebody who found the batch at a position not to be sound. It is looked at again, and reported.
     *
     * @param position of a batch, from {@link #positionOf} or {@link #lastEnd}
     * @param offset that the batch should hold
     * @return null if it was the index that led astray; then the same can be looked for again
     */
    public @Nullable DamagedBatchesException damagedAt(int position, long offset, String flaw) throws IOException {
        return new BatchFinder(this).damagedAt(position, offset, flaw);
    }

    /** The first offset of the batch that begins at a position where one ends; that behind the segment, if it is the last. */
    public long offsetAt(int position) throws IOException {
        long now = extent;
        RecordBatch batch = new FileWindow(file, Extent.size(now), RecordBatch.HEADER_BYTES).header(position);
        return batch == null || batch.magic() != RecordBatch.MAGIC
                ? baseOffset + Extent.relativeNextOffset(now)
                : batch.baseOffset();
    }

    /**
     * Goes to the first record from {@code offset} on that is as late as {@code timestamp}, in epoch ms.
     *
     * @return whether there is one, which is then the cursor's current record
     * @throws DamagedBatchesException if it may be among what is damaged
     */
    public boolean seekTime(long timestamp, long offset, RecordCursor cursor) throws IOException {
        return new BatchFinder(this).seekTime(timestamp, offset, cursor);
    }

    /**
     * Admits the batches that are in the file already, up to the first that is not whole, sound and next in order.
     *
     * @return what is wrong with the bytes from {@link #size} on; null when the file ends there
     */
    public @Nullable String scan() throws IOException {
        return scan(file.size(), new LongAdder());
    }

    /**
     * As {@link #scan()}, of the first {@code length} bytes only.
     *
     * @param admitted is told of the bytes as they are admitted
     */
    public @Nullable String scan(long length, LongAdder admitted) throws IOException {
        return scan(length, admitted, 0);
    }

    /**
     * As {@link #scan(long, LongAdder)}, where batches are missing on purpose.
     *
     * @param gapsBelow offset below which a batch need not follow the one before at once, only lie behind it
     */
    public @Nullable String scan(long length, LongAdder admitted, long gapsBelow) throws IOException {
        FileWindow window = new FileWindow(file, length, SCAN_WINDOW_BYTES);
        while (size() < length) {
            String flaw = window.flaw(size());
            RecordBatch batch = flaw == null ? window.header(size()) : null;
            if (batch == null) {
                return flaw;
            }
            if (batch.baseOffset() != nextOffset()
                    && (batch.baseOffset() < nextOffset() || batch.baseOffset() >= gapsBelow)) {
                return "it begins at offset " + batch.baseOffset() + ", not " + nextOffset();
            }
            if (!canHold(batch.sizeInBytes(), batch.lastOffset())) {
                return "it lies beyond what a segment may hold";
            }
            int bytes = batch.sizeInBytes();
            if (size() == 0) {
                firstAppendMillis = batch.maxTimestamp();
            }
            admit(batch, bytes);
            admitted.add(bytes);
        }
        return null;
    }

    /**
     * The header of the batch that begins at {@code position}, which must be the position of one.
     *
     * @throws CorruptBatchException if none is there
     */
    public RecordBatch batchAt(int position) throws IOException {
        int end = size();
        return batchAt(new FileWindow(file, end, RecordBatch.HEADER_BYTES), position, end);
    }

    /**
     * Shows the headers of all batches there are now, in order, from the one that begins at {@code position} on. Damage is
     * reported and passed over.
     */
    public void forEachBatch(int position, HeaderVisitor visitor) throws IOException {
        new BatchFinder(this).forEachBatch(position, visitor);
    }

    /** Whether a sound batch of records later than this segment's lies somewhere behind {@link #size}. */
    public boolean hasBatchesBehind() throws IOException {
        FileWindow window = new FileWindow(file, file.size(), SCAN_WINDOW_BYTES);
        return window.findBatchAbove(nextOffset() - 1, size()) >= 0;
    }

    /** Reads its indexes on the disk once more and builds again what is damaged, if that is not in memory only. */
    public void mendIndex() throws IOException {
        if (!index.recheck()) {
            index.before(0);
        }
    }

    /**
     * Closes the segment and deletes its files, the batches first: indexes alone are nobody's. Of one that was {@link
     * #putAside} only the batches are its own by then.
     */
    public void deleteFiles() throws IOException {
        close();
        String aside = asideName;
        folder.delete(aside == null ? SegmentFiles.name(baseOffset, SegmentFiles.LOG) : aside);
        if (aside == null) {
            folder.deleteIndexes(baseOffset);
        }
    }

    /** Gives the file of batches another name, under which it can be read on; its place in the log is another's then. */
    public void putAside(String newName) throws IOException {
        file.renameTo(folder.path().resolve(newName));
        asideName = newName;
    }

    /** Gives the file of batches the name that a segment of the log has. */
    public void putInPlace() throws IOException {
        file.renameTo(folder.path().resolve(SegmentFiles.name(baseOffset, SegmentFiles.LOG)));
        asideName = null;
    }

    /**
     * Closes the index, so that nobody finds anything by it any more or writes it anew; the batches can be read on. To
     * be called by whoever may write indexes.
     */
    public void closeIndex() throws IOException {
        index.close();
    }

    @Override
    public void close() throws IOException {
        try {
            index.close();
        } finally {
            file.close();
        }
    }

    SegmentFolder folder() {
        return folder;
    }

    /** Where to begin looking, as of now. */
    SegmentIndex index() {
        return index;
    }

    /** Its {@link Extent}, as of now. */
    long extent() {
        return extent;
    }

    private void admitAll(IndexHeader seal, SegmentIndex sealedIndex) {
        index = sealedIndex;
        firstAppendMillis = seal.firstAppendMillis();
        maxTimestamp = seal.maxTimestamp();
        indexedUpTo = (int) seal.logBytes();
        extent = Extent.of((int) seal.logBytes(), seal.nextOffset() - baseOffset);
    }

    private void admit(RecordBatch batch, int bytes) {
        int at = size();
        if (at - indexedUpTo > indexIntervalBytes) {
            addToIndex((int) (batch.baseOffset() - baseOffset), at);
            indexedUpTo = at;
        }
        maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
        extent = Extent.of(at + bytes, batch.lastOffset() + 1 - baseOffset);
    }

    private void addToIndex(int relativeOffset, int position) {
        synchronized (indexing) {
            switch (index) {
                case SparseIndex growing -> growing.add(relativeOffset, position, maxTimestamp);
                case ResumedIndex resumed -> resumed.tail().add(relativeOffset, position, maxTimestamp);
                case StoredIndex _, IndexFiles _ -> throw new IllegalStateException(file + " is finished");
            }
        }
    }

    private RecordBatch batchAt(FileWindow window, int position, int end) throws IOException {
        RecordBatch batch = window.header(position);
        if (batch == null) {
            throw new CorruptBatchException("There is no batch at position " + position + " of " + file);
        }
        String flaw = batch.headerFlaw(end - position);
        if (flaw != null) {
            throw new CorruptBatchException(
                    "The batch at position " + position + " of " + file + " is damaged: " + flaw);
        }
        return batch;
    }
}

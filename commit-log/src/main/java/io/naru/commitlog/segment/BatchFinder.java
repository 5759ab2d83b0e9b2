package io.naru.commitlog.segment;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.disk.TooManyOpenFilesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds batches in a segment, by its index and then from one to the next. What is damaged is never an answer: it is told of,
 * and what lies before and behind is found all the same. An index that leads astray is checked and built again. Any number
 * of these may look at once, while one thread appends.
 */
final class BatchFinder {
    private static final int WALK_WINDOW_BYTES = 4 * 1024;
    private static final int HEADERS_WINDOW_BYTES = 16 * 1024;

    private final Segment segment;

    BatchFinder(Segment segment) {
        this.segment = segment;
    }

    /** As {@link Segment#positionOf}. */
    int positionOf(long offset) throws IOException {
        boolean indexIsSound = false;
        while (true) {
            IndexEntry entry = entry(index -> index.before(offset - segment.baseOffset()));
            indexIsSound |= entry.position() == 0;
            try {
                return walkTo(offset, walk(entry, WALK_WINDOW_BYTES), indexIsSound);
            } catch (DamagedBatchesException e) {
                if (indexIsSound || isKnown(e)) {
                    report(e);
                    throw e;
                }
                indexIsSound = !segment.index().recheck();
            }
        }
    }

    private int walkTo(long offset, BatchWalk walk, boolean indexIsSound) throws IOException {
        int before = -1;
        long beforeFloor = 0;
        while (true) {
            try {
                if (!walk.next()) {
                    throw walk.damaged(walk.nextPosition(), offset, "there is none");
                }
                if (walk.batch().lastOffset() >= offset) {
                    if (walk.batch().baseOffset() > offset) {
                        walk.requireSoundBefore(before, beforeFloor);
                    }
                    return walk.position();
                }
                before = walk.position();
                beforeFloor = walk.floor();
            } catch (DamagedBatchesException e) {
                if (offset < e.nextOffset() || !(indexIsSound || isKnown(e))) {
                    throw e;
                }
                report(e);
                before = -1;
            }
        }
    }

    /** As {@link Segment#lastPositionBefore}. */
    int lastPositionBefore(long offset) throws IOException {
        IndexEntry entry = entry(index -> index.before(offset - 1 - segment.baseOffset()));
        BatchWalk walk = walk(entry, WALK_WINDOW_BYTES);
        int found = -1;
        while (walk.next() && walk.batch().baseOffset() < offset) {
            found = walk.position();
        }
        return found;
    }

    /** As {@link Segment#lastEnd}. */
    int lastEnd(int from, long limit, int end) throws IOException {
        FileWindow window = new FileWindow(segment.file(), end, WALK_WINDOW_BYTES);
        int first = from + segment.batchAt(from).sizeInBytes();
        int indexed = entry(index -> index.floor(limit)).position();
        try {
            return lastEnd(window, indexed > Math.min(limit, end) ? first : Math.max(indexed, first), limit, end);
        } catch (CorruptBatchException e) {
            // The index may have led there. From batch to batch there is no doubt.
            return lastSoundEnd(window, first, limit, end);
        }
    }

    private static int lastEnd(FileWindow window, int from, long limit, int end) throws IOException {
        int position = from;
        while (position < end) {
            RecordBatch batch = window.header(position);
            String flaw = batch == null ? "it is not there" : batch.headerFlaw(end - position);
            if (batch == null || flaw != null) {
                throw new CorruptBatchException("There is no batch at position " + position + ": " + flaw);
            }
            int next = position + batch.sizeInBytes();
            if (next > limit) {
                break;
            }
            position = next;
        }
        return position;
    }

    private static int lastSoundEnd(FileWindow window, int from, long limit, int end) throws IOException {
        int position = from;
        while (position < end && window.flaw(position) == null) {
            RecordBatch batch = window.header(position);
            if (batch == null || position + batch.sizeInBytes() > limit) {
                break;
            }
            position += batch.sizeInBytes();
        }
        return position;
    }

    /** As {@link Segment#seekTime}. */
    boolean seekTime(long timestamp, long offset, RecordCursor cursor) throws IOException {
        while (true) {
            IndexEntry entry = entry(index -> index.beforeTime(timestamp));
            try {
                return seekTime(timestamp, offset, cursor, walk(entry, WALK_WINDOW_BYTES));
            } catch (DamagedBatchesException e) {
                if (!isIndexToBlame(entry, e)) {
                    report(e);
                    throw e;
                }
            }
        }
    }

    private boolean seekTime(long timestamp, long offset, RecordCursor cursor, BatchWalk walk) throws IOException {
        while (walk.next()) {
            // Also of those that are passed over: one that is damaged may lie about its times.
            String flaw = walk.flaw();
            if (flaw != null) {
                throw walk.damagedHere(flaw);
            }
            RecordBatch batch = walk.batch();
            if (batch.maxTimestamp() < timestamp || batch.lastOffset() < offset) {
                continue;
            }
            ByteBuffer whole = ByteBuffer.allocate(batch.sizeInBytes());
            segment.file().read(whole, walk.position());
            cursor.reset(whole.flip());
            while (cursor.next()) {
                if (cursor.timestamp() >= timestamp && cursor.offset() >= offset) {
                    return true;
                }
            }
        }
        return false;
    }

    /** As {@link Segment#forEachBatch}. */
    void forEachBatch(int position, HeaderVisitor visitor) throws IOException {
        BatchWalk walk = walk(position, segment.baseOffset(), false, HEADERS_WINDOW_BYTES);
        while (true) {
            try {
                if (!walk.next()) {
                    return;
                }
                visitor.visit(walk.batch(), walk.position());
            } catch (DamagedBatchesException e) {
                report(e);
            }
        }
    }

    /** As {@link Segment#damagedAt}. */
    @Nullable
    DamagedBatchesException damagedAt(int position, long offset, String flaw) throws IOException {
        BatchWalk walk = walk(position, segment.baseOffset(), false, WALK_WINDOW_BYTES);
        DamagedBatchesException e = walk.damaged(position, offset, flaw);
        if (!isKnown(e) && segment.index().recheck()) {
            return null;
        }
        report(e);
        return e;
    }

    private interface Lookup {
        IndexEntry in(SegmentIndex index) throws IOException;
    }

    /** An index that cannot be read, or says what cannot be, is no reason not to read the log. */
    private IndexEntry entry(Lookup lookup) throws IOException {
        while (true) {
            SegmentIndex index = segment.index();
            try {
                return entry(lookup, index);
            } catch (ClosedChannelException e) {
                if (isPresent(index)) {
                    throw e;
                }
                // It was sealed meanwhile, and another has taken its place.
            }
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isPresent(SegmentIndex index) {
        return segment.index() == index;
    }

    private IndexEntry entry(Lookup lookup, SegmentIndex index) throws IOException {
        try {
            IndexEntry entry = lookup.in(index);
            if (entry.position() >= 0 && entry.position() < segment.size() && entry.relativeOffset() >= 0) {
                return entry;
            }
            segment.index().recheck();
            return IndexEntry.START;
        } catch (ClosedChannelException | TooManyOpenFilesException e) {
            throw e;
        } catch (IOException e) {
            segment.folder().damages().report(path(SegmentFiles.INDEX), 0, "it cannot be read: " + e);
            segment.index().recheck();
            return IndexEntry.START;
        }
    }

    private boolean isIndexToBlame(IndexEntry entry, DamagedBatchesException e) throws IOException {
        return !isKnown(e) && entry.position() > 0 && segment.index().recheck();
    }

    private BatchWalk walk(IndexEntry from, int windowBytes) {
        return walk(from.position(), segment.baseOffset() + from.relativeOffset(), from.position() > 0, windowBytes);
    }

    private BatchWalk walk(int position, long offset, boolean exactly, int windowBytes) {
        long extent = segment.extent();
        int end = Extent.size(extent);
        return new BatchWalk(
                path(SegmentFiles.LOG),
                new FileWindow(segment.file(), end, windowBytes),
                end,
                segment.baseOffset() + Extent.relativeNextOffset(extent),
                position,
                offset,
                exactly);
    }

    private Path path(String suffix) {
        return segment.folder().path().resolve(SegmentFiles.name(segment.baseOffset(), suffix));
    }

    private boolean isKnown(DamagedBatchesException e) {
        return segment.folder().damages().isKnown(e.file(), e.position());
    }

    private void report(DamagedBatchesException e) {
        if (!segment.isRetired()) {
            segment.folder().damages().report(e.file(), e.position(), e.flaw());
        }
    }
}

package io.naru.commitlog.segment;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.damage.DamageReports;
import io.naru.commitlog.disk.DiskReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every byte of a segment and of its indexes, once: checksums, the order of offsets, the leaders' epochs, and
 * whether the index's entries are where batches begin and no time is earlier than it says. Reads from the disk by a reader of
 * its own, so it is in nobody's way; what it finds is a finding only if it is there when looked at again. For one thread.
 */
public final class SegmentScrub {
    private static final int WINDOW_BYTES = 256 * 1024;

    private final Segment segment;
    private final RecoveryPoint extent;
    private final LongUnaryOperator epochAt;
    private final Path file;
    private final DamageReports damages;

    private FileWindow window;
    private int position;
    private long floor;
    private int before = -1;
    private long beforeFloor;
    private long beforeBase;
    private long maxTimestamp = Long.MIN_VALUE;

    private @Nullable SparseIndex index;
    private int nextEntry;
    private boolean isTimeKnown = true;

    /**
     * Of a segment as far as it has been forced.
     *
     * @param reader of the segment's file
     * @param epochAt the leader epoch that an offset was written in as far as anybody knows, below 0 if nobody does
     */
    public SegmentScrub(Segment segment, RecoveryPoint forced, DiskReader reader, LongUnaryOperator epochAt) {
        this.segment = segment;
        this.extent = forced;
        this.epochAt = epochAt;
        this.file = segment.folder().path().resolve(SegmentFiles.name(segment.baseOffset(), SegmentFiles.LOG));
        this.damages = segment.folder().damages();
        this.window = new FileWindow(reader, forced.position(), WINDOW_BYTES);
        this.floor = segment.baseOffset();
    }

    /** Is asked about what was found before it is told of. */
    public interface Confirmation {
        /**
         * Whether it is worth telling: the segment is part of its log still.
         *
         * @return null if not; else the segment's file, opened anew
         */
        @Nullable
        DiskReader again() throws IOException;
    }

    /**
     * Looks at everything and reports what is damaged; a damaged index is built again.
     *
     * @throws IOException if the file cannot be read, or the reader was told to end
     */
    public void run(Confirmation confirmation) throws IOException {
        loadIndex();
        while (position < extent.position()) {
            Finding found = look();
            if (found == null) {
                continue;
            }
            DiskReader again = confirmation.again();
            if (again == null) {
                return;
            }
            // Another buffer, so that the bytes come from the disk once more.
            window = new FileWindow(again, extent.position(), WINDOW_BYTES);
            tell(found);
        }
        checkEntriesUpTo(extent.position(), -1);
    }

    /** What is wrong with the batch at a position, which could have offsets from {@code floor} on. */
    private record Finding(int position, long floor, String flaw, boolean isBody) {}

    private @Nullable Finding look() throws IOException {
        String flaw = window.flaw(position);
        RecordBatch batch = flaw == null ? window.header(position) : null;
        if (batch == null) {
            return new Finding(position, floor, flaw == null ? "it is not there" : flaw, true);
        }
        long base = batch.baseOffset();
        if (base < floor) {
            // One of two is out of order; it is this one unless the other was not where it should be.
            return before >= 0 && beforeBase != beforeFloor && base >= beforeFloor
                    ? new Finding(before, beforeFloor, "its offset is " + beforeBase + ", above those behind it", false)
                    : new Finding(position, floor, "it begins at offset " + base + ", and should at " + floor, false);
        }
        if (batch.lastOffset() >= extent.nextOffset()) {
            return new Finding(
                    position,
                    floor,
                    "its offsets go up to " + batch.lastOffset() + ", and the segment ends before "
                            + extent.nextOffset(),
                    false);
        }
        int epoch = (int) epochAt.applyAsLong(base);
        if (epoch >= 0 && batch.leaderEpoch() != epoch && !segment.isRetired()) {
            damages.report(
                    file,
                    position,
                    "its leader epoch is " + batch.leaderEpoch() + ", and the log's history says " + epoch);
        }
        checkEntriesUpTo(position, (int) (base - segment.baseOffset()));
        maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
        before = position;
        beforeFloor = floor;
        beforeBase = base;
        floor = batch.lastOffset() + 1;
        position += batch.sizeInBytes();
        return null;
    }

    private void tell(Finding found) throws IOException {
        if (found.isBody() && window.flaw(found.position()) == null) {
            // It reads well now: from here on once more, with the fresh bytes.
            return;
        }
        BatchWalk walk =
                new BatchWalk(file, window, extent.position(), extent.nextOffset(), position, found.floor(), false);
        DamagedBatchesException e = walk.damaged(found.position(), found.floor(), found.flaw());
        damages.report(e.file(), e.position(), e.flaw());
        position = Math.max(walk.nextPosition(), found.position() + 1);
        floor = e.nextOffset();
        before = -1;
        isTimeKnown = false;
        skipEntriesBefore(position);
    }

    private void loadIndex() throws IOException {
        try (IndexFiles files = IndexFiles.open(segment.folder(), segment.baseOffset())) {
            if (files != null && files.header().logBytes() <= extent.position()) {
                index = files.load();
            }
        }
        if (damages.isDamaged(path(SegmentFiles.INDEX)) || damages.isDamaged(path(SegmentFiles.TIME_INDEX))) {
            segment.mendIndex();
        }
    }

    private void checkEntriesUpTo(int batchPosition, int relativeOffset) {
        SparseIndex entries = index;
        while (entries != null && nextEntry < entries.count() && entries.position(nextEntry) <= batchPosition) {
            int entry = nextEntry++;
            String flaw = null;
            if (entries.position(entry) < batchPosition || relativeOffset < 0) {
                flaw = "it points to position " + entries.position(entry) + ", where no batch begins";
            } else if (entries.relativeOffset(entry) != relativeOffset) {
                flaw = "it says offset " + (segment.baseOffset() + entries.relativeOffset(entry))
                        + ", and the batch there begins at " + (segment.baseOffset() + relativeOffset);
            } else if (isTimeKnown && entries.timestamp(entry) < maxTimestamp) {
                flaw = "it says that no record before it is later than " + entries.timestamp(entry)
                        + ", and there is one of " + maxTimestamp;
            } else if (entry > 0 && entries.timestamp(entry) < entries.timestamp(entry - 1)) {
                flaw = "its time is earlier than that of the entry before it";
            }
            // The index may be that of the segment that has taken this one's place.
            if (flaw != null && !segment.isRetired()) {
                long at = IndexHeader.BYTES + (long) entry * IndexHeader.Kind.OFFSETS.entryBytes();
                damages.report(path(SegmentFiles.INDEX), at, "Its entry " + entry + ": " + flaw);
            }
        }
    }

    /** What the index says of damaged batches nobody can tell. */
    private void skipEntriesBefore(int soundPosition) {
        SparseIndex entries = index;
        while (entries != null && nextEntry < entries.count() && entries.position(nextEntry) < soundPosition) {
            nextEntry++;
        }
    }

    private Path path(String suffix) {
        return segment.folder().path().resolve(SegmentFiles.name(segment.baseOffset(), suffix));
    }
}

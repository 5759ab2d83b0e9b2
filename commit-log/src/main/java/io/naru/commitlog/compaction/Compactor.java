package io.naru.commitlog.compaction;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordWalk;
import io.naru.commitlog.segment.OffsetRange;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFiles;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The means to compact logs, one after another: memory for keys and for input and output, and a share of the disk's time.
 * Memory is taken for one pass and let go after it. Used by one thread at a time; it changes no log by itself.
 *
 * <p>A pass looks at the records from some offset on, as far as their keys find room, and then writes every segment anew
 * that begins below that. What did not find room is for the next pass.
 */
public final class Compactor {
    private final long keyBytes;
    private final int bufferBytes;
    private final IoThrottle throttle;

    /**
     * A compactor with its bounds.
     *
     * @param keyBytes of memory for keys at most; 20 for each place, of which nine in ten can be taken
     * @param bufferBytes of memory for input, and as many for output; more where a batch is larger
     */
    public Compactor(long keyBytes, int bufferBytes, IoThrottle throttle) {
        this.keyBytes = keyBytes;
        this.bufferBytes = bufferBytes;
        this.throttle = throttle;
    }

    /** What {@link #begin} has found out, and the work that follows from it. */
    public final class Pass {
        private final BatchStream in;
        private final BooleanSupplier ended;
        private final DirtyKeys keys;
        private final ByteBuffer buffer = ByteBuffer.allocate(Math.max(bufferBytes, RecordBatch.HEADER_BYTES));

        private Pass(BatchStream in, BooleanSupplier ended, DirtyKeys keys) {
            this.in = in;
            this.ended = ended;
            this.keys = keys;
        }

        /** Offset up to which records have been looked at, and below which the log will be clean. */
        public long endOffset() {
            return keys.endOffset();
        }

        /** Different keys found. */
        public int keyCount() {
            return keys.count();
        }

        /**
         * Writes a group of segments anew, into a file that is none of the log's yet, and forces it.
         *
         * @param endOffset of the group
         * @param indispensable base offsets of batches that have to stay, rising
         * @return null, and no file, if that would change nothing
         */
        public @Nullable Segment rewrite(
                SegmentFolder folder,
                List<Segment> group,
                long endOffset,
                long[] indispensable,
                int indexIntervalBytes,
                long nowMillis,
                long deleteRetentionMillis)
                throws IOException {
            Segment first = group.getFirst();
            String name = new OffsetRange(first.baseOffset(), endOffset).name(SegmentFiles.CLEANED);
            SegmentRewriter rewriter = new SegmentRewriter(
                    in, buffer, throttle, ended, keys, indispensable, nowMillis, deleteRetentionMillis);
            Segment out =
                    Segment.standIn(folder, first.baseOffset(), name, indexIntervalBytes, first.firstAppendMillis());
            boolean wanted = false;
            try {
                wanted = rewriter.rewrite(group, endOffset, out);
                if (wanted) {
                    out.force();
                }
                return wanted ? out : null;
            } catch (IOException | RuntimeException e) {
                wanted = false;
                throw e;
            } finally {
                if (!wanted) {
                    out.deleteFiles();
                }
            }
        }
    }

    /**
     * Looks at the records of segments that follow each other.
     *
     * @param from offset of the first record to look at, in the first segment
     * @param end offset behind the last, at the end of the last segment
     * @param ended asked now and then; once it says so, this and all that follows fails with {@link
     *     CompactionStoppedException}
     */
    public Pass begin(List<Segment> segments, long from, long end, BooleanSupplier ended) throws IOException {
        BatchStream in = new BatchStream(bufferBytes, throttle, ended);
        // Every record has an offset, so there are no more keys than that.
        long places = Math.min(keyBytes / KeyOffsets.PLACE_BYTES, KeyOffsets.placesFor(end - from));
        DirtyKeys keys = new DirtyKeys(places, from);
        try {
            for (Segment segment : segments) {
                in.open(segment, from <= segment.baseOffset() ? 0 : segment.positionOf(from));
                if (!index(in, from, keys)) {
                    return new Pass(in, ended, keys);
                }
            }
        } finally {
            in.close();
        }
        keys.reached(end);
        return new Pass(in, ended, keys);
    }

    /** Adds the keys of one segment; false if there was no room for all. */
    private static boolean index(BatchStream in, long from, DirtyKeys keys) throws IOException {
        RecordBatch header = new RecordBatch();
        RecordWalk walk = new RecordWalk();
        for (ByteBuffer batch = in.next(); batch != null; batch = in.next()) {
            if (header.wrap(batch, batch.position()).isControl()) {
                continue;
            }
            walk.reset(batch);
            while (walk.next()) {
                if (walk.offset() >= from && !keys.add(walk)) {
                    keys.reached(walk.offset());
                    return false;
                }
            }
        }
        return true;
    }
}

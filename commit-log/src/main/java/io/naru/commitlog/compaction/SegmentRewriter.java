package io.naru.commitlog.compaction;

import io.naru.commitlog.batch.BatchRewriter;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordWalk;
import io.naru.commitlog.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Writes a group of segments anew, as one, without the records that others have outdated. What the rules are:
 *
 * <ul>
 *   <li>a record goes if a later one, below the end of what was looked at, has its key;
 *   <li>a tombstone goes, too, once the time has passed that was set when it was first rewritten;
 *   <li>records without a key, control batches, and all from that end on stay as they are;
 *   <li>a batch of which no record is left goes, unless it is the last of the group, so that the segment ends where the
 *       next begins, or the log needs it to know its leaders and producers: those stay without records.
 * </ul>
 *
 * One thread; used for one pass.
 */
final class SegmentRewriter implements BatchRewriter.Filter {
    private final BatchStream in;
    private final IoThrottle throttle;
    private final BooleanSupplier ended;
    private final DirtyKeys keys;
    private final long[] indispensable;
    private final long nowMillis;
    private final long horizonMillis;
    private final ByteBuffer buffer;
    private final BatchRewriter rewriter = new BatchRewriter();
    private final RecordBatch header = new RecordBatch();

    private boolean tombstonesMayGo;
    private long grown;
    private boolean changed;

    SegmentRewriter(
            BatchStream in,
            ByteBuffer buffer,
            IoThrottle throttle,
            BooleanSupplier ended,
            DirtyKeys keys,
            long[] indispensable,
            long nowMillis,
            long deleteRetentionMillis) {
        this.in = in;
        this.buffer = buffer;
        this.throttle = throttle;
        this.ended = ended;
        this.keys = keys;
        this.indispensable = indispensable;
        this.nowMillis = nowMillis;
        long horizon = nowMillis + deleteRetentionMillis;
        this.horizonMillis = horizon < 0 ? Long.MAX_VALUE : horizon;
    }

    /**
     * Copies what stays to {@code out}.
     *
     * @param endOffset of the group
     * @return whether it is any different from what the group holds
     */
    boolean rewrite(List<Segment> group, long endOffset, Segment out) throws IOException {
        long room = Integer.MAX_VALUE;
        for (Segment segment : group) {
            room -= segment.size();
        }
        grown = 0;
        changed = group.size() > 1;
        buffer.clear();
        try {
            for (Segment segment : group) {
                in.open(segment, 0);
                for (ByteBuffer batch = in.next(); batch != null; batch = in.next()) {
                    header.wrap(batch, batch.position());
                    rewrite(batch, endOffset, room, out);
                }
            }
        } finally {
            in.close();
        }
        flush(out);
        if (out.nextOffset() != endOffset) {
            throw new IOException(out.file() + " would end at offset " + out.nextOffset()
                    + ", and the next segment begins at " + endOffset + ": the segments do not follow each other");
        }
        return changed;
    }

    @Override
    public boolean keeps(RecordWalk record) {
        if (!record.hasKey() || record.offset() >= keys.endOffset()) {
            return true;
        }
        return !(tombstonesMayGo && record.isTombstone()) && !keys.isOutdated(record);
    }

    private void rewrite(ByteBuffer batch, long endOffset, long room, Segment out) throws IOException {
        if (header.isControl()) {
            add(batch, out);
            return;
        }
        int size = batch.remaining();
        tombstonesMayGo = header.hasDeleteHorizon() && header.baseTimestamp() <= nowMillis;
        // Earlier records of a tombstone's key are gone only where all of the batch has been looked at.
        boolean mayDate = header.lastOffset() < keys.endOffset() && grown + size <= room;
        switch (rewriter.rewrite(batch, this, mayDate ? horizonMillis : BatchRewriter.NONE)) {
            case AS_IT_IS -> add(batch, out);
            case CHANGED -> {
                changed = true;
                grown += Math.max(0, rewriter.result().remaining() - size);
                add(rewriter.result(), out);
            }
            case EMPTY -> {
                boolean stays = header.lastOffset() == endOffset - 1
                        || Arrays.binarySearch(indispensable, header.baseOffset()) >= 0;
                changed |= !stays || header.count() > 0;
                if (stays) {
                    add(rewriter.result(), out);
                }
            }
        }
    }

    private void add(ByteBuffer batch, Segment out) throws IOException {
        if (batch.remaining() > buffer.remaining()) {
            flush(out);
        }
        if (batch.remaining() > buffer.remaining()) {
            write(batch, out);
        } else {
            buffer.put(batch);
        }
    }

    private void flush(Segment out) throws IOException {
        buffer.flip();
        if (buffer.hasRemaining()) {
            write(buffer, out);
        }
        buffer.clear();
    }

    private void write(ByteBuffer batches, Segment out) throws IOException {
        int bytes = batches.remaining();
        if ((long) out.size() + bytes > Integer.MAX_VALUE) {
            throw new IOException(out.file() + " would become larger than a segment can be");
        }
        out.appendAll(batches);
        throttle.take(bytes, ended);
    }
}

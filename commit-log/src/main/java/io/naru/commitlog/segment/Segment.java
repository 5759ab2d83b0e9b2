package io.naru.commitlog.segment;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One file of a log: batches one after another, from its base offset on. One thread appends, any others read at the
 * same time. What was appended survives a crash once {@link #force} was called after it and has returned.
 */
public final class Segment {
    private final DiskFile file;
    private final long baseOffset;
    private final SparseIndex index = new SparseIndex();

    private int indexedUpTo;
    private long firstAppendMillis = -1;
    private volatile long maxTimestamp = Long.MIN_VALUE;
    // Set in this order after a write, so that a reader who knows an offset also sees the bytes before it.
    private volatile int size;
    private volatile long nextOffset;

    /** An empty segment over an empty file. */
    public Segment(DiskFile file, long baseOffset) {
        this.file = file;
        this.baseOffset = baseOffset;
        this.nextOffset = baseOffset;
    }

    public DiskFile file() {
        return file;
    }

    public long baseOffset() {
        return baseOffset;
    }

    /** Offset of the record that would come next. */
    public long nextOffset() {
        return nextOffset;
    }

    /** Bytes of whole batches. */
    public int size() {
        return size;
    }

    /** Largest timestamp of its records; {@link Long#MIN_VALUE} when there are none. */
    public long maxTimestamp() {
        return maxTimestamp;
    }

    /** Time of the first append on the log's clock, or -1. */
    public long firstAppendMillis() {
        return firstAppendMillis;
    }

    /** Whether a batch of this size and last offset still fits the 32 bits that positions and offsets have here. */
    public boolean canHold(int bytes, long lastOffset) {
        return lastOffset - baseOffset <= Integer.MAX_VALUE && (long) size + bytes <= Integer.MAX_VALUE;
    }

    /**
     * Writes one batch behind the last. The header must be complete. After an exception the file may be longer than
     * {@link #size}; see {@link #cutBack}.
     */
    public void append(ByteBuffer batch, RecordBatch header, int indexIntervalBytes, long nowMillis)
            throws IOException {
        int position = batch.position();
        int bytes = batch.remaining();
        try {
            file.write(batch, size);
        } finally {
            batch.position(position);
        }
        if (firstAppendMillis < 0) {
            firstAppendMillis = nowMillis;
        }
        admit(header, bytes, indexIntervalBytes);
    }

    /** Counts a batch that is in the file behind the last one. */
    void admit(RecordBatch header, int bytes, int indexIntervalBytes) {
        int at = size;
        if (at - indexedUpTo > indexIntervalBytes) {
            index.add((int) (header.baseOffset() - baseOffset), at, maxTimestamp);
            indexedUpTo = at;
        }
        maxTimestamp = Math.max(maxTimestamp, header.maxTimestamp());
        size = at + bytes;
        nextOffset = header.lastOffset() + 1;
    }

    /** Cuts off what lies behind the last whole batch. */
    public void cutBack() throws IOException {
        file.truncate(size);
    }

    public void force() throws IOException {
        file.force();
    }

    /** Position of the batch that holds {@code offset}, which must lie in this segment. */
    public int positionOf(long offset) throws IOException {
        BatchHeaders headers = new BatchHeaders(file, size);
        int position = index.positionBefore(offset - baseOffset);
        while (headers.read(position).lastOffset() < offset) {
            position = headers.nextPosition();
        }
        return position;
    }

    /** Where the last whole batch ends that begins behind {@code from} and ends at or before {@code limit}. */
    public int lastEndBefore(int from, int limit, int end) throws IOException {
        BatchHeaders headers = new BatchHeaders(file, end);
        headers.read(from);
        int position = headers.nextPosition();
        int indexed = index.floorPosition(limit);
        if (indexed > position) {
            position = indexed;
        }
        while (position < end) {
            headers.read(position);
            if (headers.nextPosition() > limit) {
                break;
            }
            position = headers.nextPosition();
        }
        return position;
    }

    /**
     * Goes to the first record that is as late as {@code timestamp}.
     *
     * @return whether there is one, which is then the cursor's current record
     */
    public boolean seekTime(long timestamp, RecordCursor cursor) throws IOException {
        int end = size;
        BatchHeaders headers = new BatchHeaders(file, end);
        int position = index.positionBeforeTime(timestamp);
        while (position < end) {
            if (headers.read(position).maxTimestamp() >= timestamp) {
                ByteBuffer batch = ByteBuffer.allocate(headers.nextPosition() - position);
                file.read(batch, position);
                cursor.reset(batch.flip());
                while (cursor.next()) {
                    if (cursor.timestamp() >= timestamp) {
                        return true;
                    }
                }
            }
            position = headers.nextPosition();
        }
        return false;
    }

    /**
     * Admits the batches that are in the file already, up to the first that is not whole, sound and next in order.
     *
     * @return what is wrong with the bytes from {@link #size} on; empty when the file ends there
     */
    public String scan(int indexIntervalBytes) throws IOException {
        long length = file.size();
        RecordBatch header = new RecordBatch();
        while (size < length) {
            int available = (int) Math.min(length - size, Integer.MAX_VALUE - (long) size);
            if (available < RecordBatch.HEADER_BYTES) {
                return "only " + available + " bytes of a batch are there";
            }
            header.wrap(read(size, RecordBatch.HEADER_BYTES), 0);
            String flaw = header.headerFlaw(available);
            if (flaw == null && header.baseOffset() != nextOffset) {
                flaw = "it begins at offset " + header.baseOffset() + ", not " + nextOffset;
            }
            if (flaw == null) {
                flaw = header.wrap(read(size, header.sizeInBytes()), 0).flaw(available);
            }
            if (flaw != null) {
                return flaw;
            }
            admit(header, header.sizeInBytes(), indexIntervalBytes);
        }
        return "";
    }

    private ByteBuffer read(int position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        if (file.read(bytes, position) != count) {
            throw new CorruptBatchException(file + " ends before position " + (position + count));
        }
        return bytes.flip();
    }
}

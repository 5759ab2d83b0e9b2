package io.naru.commitlog.compaction;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the batches of segments one after another, in pieces of a fixed size or a batch's, and checks each. Reusable, not
 * thread-safe. While a segment is open here its file is not taken away.
 */
final class BatchStream {
    private final IoThrottle throttle;
    private final BooleanSupplier ended;
    private final RecordBatch header = new RecordBatch();
    private ByteBuffer chunk;
    private ByteBuffer batch;
    private @Nullable Segment segment;
    private int readUpTo;
    private int end;
    private long nextOffset;

    /**
     * A stream over nothing yet.
     *
     * @param ended asked now and then; once it says so, reading fails with {@link CompactionStoppedException}
     */
    BatchStream(int chunkBytes, IoThrottle throttle, BooleanSupplier ended) {
        this.throttle = throttle;
        this.ended = ended;
        this.chunk = ByteBuffer.allocate(Math.max(chunkBytes, RecordBatch.HEADER_BYTES))
                .limit(0);
        this.batch = chunk.duplicate();
    }

    /** Goes before the batch at this position of a segment, and lets go of the segment before. */
    void open(Segment next, int position) {
        close();
        next.beginUse();
        segment = next;
        end = next.size();
        readUpTo = position;
        nextOffset = next.baseOffset();
        chunk.clear().limit(0);
    }

    /** Lets go of the segment. */
    void close() {
        Segment open = segment;
        if (open != null) {
            open.endUse();
            segment = null;
        }
    }

    /**
     * The next batch, between the buffer's position and its limit, good until the next call; null at the segment's end.
     *
     * @throws CorruptBatchException if the next bytes are not a sound batch
     */
    @Nullable
    ByteBuffer next() throws IOException {
        if (!require(RecordBatch.HEADER_BYTES)) {
            if (chunk.hasRemaining()) {
                throw damaged("only " + chunk.remaining() + " bytes of it are there");
            }
            return null;
        }
        int size = header.wrap(chunk, chunk.position()).sizeInBytes();
        int available = end - position();
        String flaw = header.headerFlaw(available);
        if (flaw == null && !require(size)) {
            flaw = "it ends behind the file";
        }
        if (flaw == null) {
            flaw = header.wrap(chunk, chunk.position()).flaw(available);
        }
        if (flaw == null && header.baseOffset() < nextOffset) {
            flaw = "it begins at offset " + header.baseOffset() + ", before " + nextOffset;
        }
        if (flaw != null) {
            throw damaged(flaw);
        }
        nextOffset = header.lastOffset() + 1;
        batch.limit(chunk.position() + size).position(chunk.position());
        chunk.position(chunk.position() + size);
        return batch;
    }

    /** Position in the segment of what comes next. */
    private int position() {
        return readUpTo - chunk.remaining();
    }

    /** Sees to it that so many bytes are in the chunk; false if the segment ends before. */
    private boolean require(int bytes) throws IOException {
        if (chunk.remaining() >= bytes) {
            return true;
        }
        if (bytes > chunk.capacity()) {
            ByteBuffer larger = ByteBuffer.allocate(bytes);
            larger.put(chunk).flip();
            chunk = larger;
            batch = chunk.duplicate();
        }
        chunk.compact();
        int wanted = Math.min(chunk.remaining(), end - readUpTo);
        if (wanted > 0) {
            chunk.limit(chunk.position() + wanted);
            fill(wanted);
        }
        chunk.flip();
        return chunk.remaining() >= bytes;
    }

    private void fill(int wanted) throws IOException {
        Segment from = segment;
        if (from == null || ended.getAsBoolean()) {
            throw new CompactionStoppedException();
        }
        int count = from.file().read(chunk, readUpTo);
        if (count > 0) {
            readUpTo += count;
            throttle.take(count, ended);
        }
        if (count < wanted) {
            throw damaged("the file ends at position " + readUpTo + " though it had " + end + " bytes");
        }
    }

    private CorruptBatchException damaged(String flaw) {
        Segment from = segment;
        return new CorruptBatchException("The batch at position " + position() + " of "
                + (from == null ? "a segment" : from.file()) + " is damaged: " + flaw);
    }
}

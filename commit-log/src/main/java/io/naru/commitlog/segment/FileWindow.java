package io.naru.commitlog.segment;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the batches of a file through a buffer that is filled in larger pieces, since most batches are small and
 * follow each other. Not thread-safe.
 */
final class FileWindow {
    private final DiskReader file;
    private final long end;
    private final ByteBuffer window;
    private final RecordBatch header = new RecordBatch();
    private long windowStart;

    /**
     * Sees nothing of the file from {@code end} on.
     *
     * @param capacity of the buffer in bytes, at least a batch header's
     */
    FileWindow(DiskReader file, long end, int capacity) {
        this.file = file;
        this.end = end;
        this.window = ByteBuffer.allocate((int) Math.max(RecordBatch.HEADER_BYTES, Math.min(end, capacity)))
                .limit(0);
    }

    /** The header at {@code position}, good until the next call; null if less than a header is there. */
    @Nullable
    RecordBatch header(long position) throws IOException {
        if (end - position < RecordBatch.HEADER_BYTES || !covers(position, RecordBatch.HEADER_BYTES)) {
            return null;
        }
        return header.wrap(window, (int) (position - windowStart));
    }

    /** What is wrong with the batch at {@code position}, checksum included; null if nothing is. */
    @Nullable
    String flaw(long position) throws IOException {
        RecordBatch batch = header(position);
        if (batch == null) {
            return "only " + (end - position) + " bytes of it are there";
        }
        String flaw = batch.headerFlaw((int) Math.min(end - position, Integer.MAX_VALUE));
        if (flaw != null) {
            return flaw;
        }
        return isCrcValid(batch, position) ? null : "its CRC-32C is not that of its bytes";
    }

    /**
     * The first position from {@code from} on where a sound batch begins whose base offset is above {@code offset};
     * -1 if there is none. Tries every byte.
     */
    long findBatchAbove(long offset, long from) throws IOException {
        for (long position = from; end - position >= RecordBatch.HEADER_BYTES; position++) {
            RecordBatch candidate = header(position);
            if (candidate == null) {
                return -1;
            }
            // Segments never span more offsets than an int holds, so most chance finds are told by their offset.
            if (candidate.magic() == RecordBatch.MAGIC
                    && candidate.baseOffset() > offset
                    && candidate.baseOffset() - offset <= Integer.MAX_VALUE
                    && flaw(position) == null) {
                return position;
            }
        }
        return -1;
    }

    private boolean isCrcValid(RecordBatch batch, long position) throws IOException {
        int size = batch.sizeInBytes();
        if (size <= window.capacity()) {
            return covers(position, size)
                    && header.wrap(window, (int) (position - windowStart)).isCrcValid();
        }
        // Not read as a whole: its size is not to be believed before the checksum is.
        int stored = batch.storedCrc();
        CRC32C crc = new CRC32C();
        long next = position + RecordBatch.CRC_FROM;
        long last = position + size;
        while (next < last) {
            int count = (int) Math.min(last - next, window.capacity());
            if (!covers(next, count)) {
                return false;
            }
            int at = (int) (next - windowStart);
            crc.update(window.duplicate().limit(at + count).position(at));
            next += count;
        }
        return stored == (int) crc.getValue();
    }

    /** Makes the window hold {@code count} bytes at {@code position}, at most its capacity; false if the file ends. */
    private boolean covers(long position, int count) throws IOException {
        if (position >= windowStart && position + count <= windowStart + window.limit()) {
            return true;
        }
        window.clear().limit((int) Math.min(window.capacity(), end - position));
        file.read(window, position);
        window.flip();
        windowStart = position;
        return window.limit() >= count;
    }
}

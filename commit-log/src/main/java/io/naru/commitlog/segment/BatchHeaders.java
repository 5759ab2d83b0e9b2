package io.naru.commitlog.segment;

import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads batch headers of a file, one after another, below an end that is known to lie between batches. */
final class BatchHeaders {
    private final DiskFile file;
    private final int end;
    private final ByteBuffer bytes = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
    private final RecordBatch header = new RecordBatch();
    private int next;

    BatchHeaders(DiskFile file, int end) {
        this.file = file;
        this.end = end;
    }

    /** The header at {@code position}, valid until the next call. */
    RecordBatch read(int position) throws IOException {
        bytes.clear();
        int available = end - position;
        if (available < RecordBatch.HEADER_BYTES || file.read(bytes, position) != RecordBatch.HEADER_BYTES) {
            throw new CorruptBatchException("There is no batch at position " + position + " of " + file);
        }
        header.wrap(bytes.flip(), 0);
        String flaw = header.headerFlaw(available);
        if (flaw != null) {
            throw new CorruptBatchException(
                    "The batch at position " + position + " of " + file + " is damaged: " + flaw);
        }
        next = position + header.sizeInBytes();
        return header;
    }

    /** Where the batch read last ends. */
    int nextPosition() {
        return next;
    }
}

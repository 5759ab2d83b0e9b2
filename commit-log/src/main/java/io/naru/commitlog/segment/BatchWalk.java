package io.naru.commitlog.segment;

import io.naru.commitlog.batch.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a file of batches by their headers. A header is outside of its checksum in part, so each is held against
 * what comes before and behind it: offsets rise, and the batch ends where another begins. Where that does not fit, whole
 * batches tell by their checksums which one is damaged; {@link #next} says so once, and goes on behind it. Not thread-safe.
 */
final class BatchWalk {
    private final Path file;
    private final FileWindow window;
    private final int end;
    private final long endOffset;
    private final ByteBuffer headerBytes = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
    private final RecordBatch batch = new RecordBatch().wrap(headerBytes, 0);

    private int position = -1;
    private long floor;
    private int nextPosition;
    private long nextFloor;
    /** Whether the next batch has to begin at the floor, not only above. */
    private boolean exactly;

    /**
     * Stands before a batch.
     *
     * @param window on the file, at least to {@code end}
     * @param end of the batches
     * @param endOffset behind the last of their records
     * @param start position of the first batch to go to
     * @param startOffset it has; at least, unless {@code exactly}
     */
    BatchWalk(Path file, FileWindow window, int end, long endOffset, int start, long startOffset, boolean exactly) {
        this.file = file;
        this.window = window;
        this.end = end;
        this.endOffset = endOffset;
        this.nextPosition = start;
        this.nextFloor = startOffset;
        this.exactly = exactly;
    }

    /**
     * Goes to the next batch; false at the end.
     *
     * @throws DamagedBatchesException if there is none where one should be; the next call goes on behind the damage
     */
    boolean next() throws IOException {
        if (nextPosition >= end) {
            return false;
        }
        String flaw = flawOfNext();
        if (flaw != null) {
            throw damaged(flaw);
        }
        position = nextPosition;
        floor = nextFloor;
        nextPosition = position + batch.sizeInBytes();
        nextFloor = batch.lastOffset() + 1;
        exactly = false;
        return true;
    }

    /** The batch's header, good until the next call. */
    RecordBatch batch() {
        return batch;
    }

    /** Where the batch is. */
    int position() {
        return position;
    }

    /** Where the next one is. */
    int nextPosition() {
        return nextPosition;
    }

    /** What is wrong with the batch as a whole, checksum included; null if nothing is. */
    @Nullable
    String flaw() throws IOException {
        return window.flaw(position);
    }

    /** That the batch is damaged; what comes behind it is looked for with care, since nothing it says is believed. */
    DamagedBatchesException damaged(int at, long offset, String flaw) throws IOException {
        long resume = window.findBatchAbove(offset - 1, at + 1L);
        RecordBatch sound = resume < 0 ? null : window.header(resume);
        if (sound == null || sound.lastOffset() >= endOffset) {
            nextPosition = end;
            nextFloor = endOffset;
        } else {
            nextPosition = (int) resume;
            nextFloor = sound.baseOffset();
        }
        position = -1;
        exactly = false;
        return new DamagedBatchesException(file, at, offset, nextFloor, flaw);
    }

    /** That the batch gone to is damaged. */
    DamagedBatchesException damagedHere(String flaw) throws IOException {
        return damaged(position, floor, flaw);
    }

    /**
     * Makes sure that the records below {@code offset} that are missing before the batch gone to were left out on purpose:
     * the one before might lie about where it ends.
     */
    void requireSoundBefore(int before, long beforeFloor) throws IOException {
        String flaw = before < 0 ? null : window.flaw(before);
        if (flaw != null) {
            throw damaged(before, beforeFloor, flaw);
        }
    }

    /** Smallest offset that the batch gone to could have. */
    long floor() {
        return floor;
    }

    private DamagedBatchesException damaged(String flaw) throws IOException {
        // The one before may have led us astray.
        String before = position < 0 ? null : window.flaw(position);
        return before == null ? damaged(nextPosition, nextFloor, flaw) : damaged(position, floor, before);
    }

    private @Nullable String flawOfNext() throws IOException {
        RecordBatch found = window.header(nextPosition);
        if (found == null) {
            return "only " + (end - nextPosition) + " bytes of it are there";
        }
        String flaw = found.headerFlaw(end - nextPosition);
        if (flaw != null) {
            return flaw;
        }
        found.copyTo(headerBytes.clear());
        long base = batch.baseOffset();
        long last = batch.lastOffset();
        if (base < nextFloor || (exactly && base != nextFloor)) {
            return "it begins at offset " + base + ", and should at " + nextFloor + (exactly ? "" : " or above");
        }
        if (last >= endOffset) {
            return "its offsets go up to " + last + ", and the segment ends before " + endOffset;
        }
        return flawBeforeFollowing(base, last);
    }

    /** Where the next two cannot both be right, it is this one that is wrong unless it is just where it should be. */
    private @Nullable String flawBeforeFollowing(long base, long last) throws IOException {
        RecordBatch following = window.header(nextPosition + (long) batch.sizeInBytes());
        if (following == null || following.magic() != RecordBatch.MAGIC || following.baseOffset() > last) {
            return null;
        }
        long followingBase = following.baseOffset();
        String own = window.flaw(nextPosition);
        if (own != null) {
            return own;
        }
        return base == nextFloor || followingBase < nextFloor
                ? null
                : "its offsets are " + base + " to " + last + ", and the next batch begins at " + followingBase;
    }
}

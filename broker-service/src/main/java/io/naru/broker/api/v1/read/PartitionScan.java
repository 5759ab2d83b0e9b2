package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.Room;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.LogDamagedException;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.StaleSliceException;
import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of a partition upward from an offset: {@link #load} fetches the next slice of the log, {@link
 * #next} goes through its records. Holds one slice at a time. Reusable with {@link #open}; confined to one thread at a
 * time, a virtual one, because loading blocks on the disk.
 */
public final class PartitionScan {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Room room;
    private final RecordBatch batch = new RecordBatch();
    private RecordCursor cursor = new RecordCursor();
    private ByteBuffer slice = NOTHING;
    private int unpackedBytes;
    private @Nullable Partition partition;
    private long position;
    private long endOfSlice;

    /** A scan whose memory is not counted. */
    public PartitionScan() {
        this(Room.UNCOUNTED);
    }

    /** A scan that asks for room before it loads a slice, and once it knows what the slice unpacks to. */
    PartitionScan(Room room) {
        this.room = room;
    }

    /** Goes before the first record at or above {@code offset}; what was loaded is forgotten. */
    public void open(Partition newPartition, long offset) {
        partition = newPartition;
        position = offset;
        endOfSlice = offset;
        slice.limit(0);
        cursor.reset(slice);
    }

    /** The partition under way, or null before {@link #open} and after {@link #close}. */
    public @Nullable Partition partition() {
        return partition;
    }

    /** The offset to go on from: all below it has been passed. */
    public long position() {
        return position;
    }

    /** The record that {@link #next} went to. */
    public RecordCursor current() {
        return cursor;
    }

    /**
     * Goes to the next record of what is loaded. False at its end, where {@link #position} lies behind the whole
     * slice, holes that compaction left included.
     *
     * @throws NaruException {@code STORAGE_FAILED} where the log is damaged, {@code OVERLOADED} when there is no room for
     *     what is unpacked; the position stays before the record then
     */
    public boolean next() {
        try {
            while (cursor.next()) {
                countUnpacked(cursor.array());
                if (cursor.offset() >= position) {
                    position = cursor.offset() + 1;
                    return true;
                }
            }
        } catch (CorruptBatchException e) {
            throw damaged(opened(), position, e.getMessage(), endOfBatchAtPosition());
        }
        position = Math.max(position, endOfSlice);
        return false;
    }

    /** Takes back the last step: the current record is the next one for whoever reads on from {@link #position}. */
    public void unread() {
        position = cursor.offset();
    }

    /**
     * Fetches the slice that begins at {@link #position}. Call it when {@link #next} is false.
     *
     * @param maxBytes most bytes to fetch, unless the first batch alone is larger
     * @return its size in bytes; 0 when nothing lies below the high watermark from here on
     * @throws NaruException as {@link Partition#read} does; {@code STORAGE_FAILED} also where that throws an
     *     IOException, and when the first batch is damaged; {@code OVERLOADED} when there is no room
     */
    public int load(int maxBytes) {
        Partition from = opened();
        try {
            LogSlice loaded = from.read(position, maxBytes);
            while (!loaded.isEmpty() && !tryRead(loaded)) {
                loaded = from.read(position, maxBytes);
            }
            if (loaded.isEmpty()) {
                return 0;
            }
            endOfSlice = endOf(slice);
            cursor.reset(slice);
            return loaded.sizeInBytes();
        } catch (IOException e) {
            throw unreadable(from, position, e);
        }
    }

    /** False where the records were deleted or compacted since they were found: they have to be looked for again. */
    private boolean tryRead(LogSlice loaded) throws IOException {
        makeRoom(loaded.sizeInBytes());
        try {
            loaded.readSoundInto(slice.clear());
        } catch (StaleSliceException _) {
            return false;
        }
        slice.flip();
        return true;
    }

    /** Forgets the partition and, beyond {@code keepBytes}, the memory that slices and what they unpack to took. */
    public void close(int keepBytes) {
        partition = null;
        if (unpackedBytes > keepBytes) {
            cursor = new RecordCursor();
            room.giveBack(unpackedBytes);
            unpackedBytes = 0;
        }
        if (slice.capacity() > keepBytes) {
            dropSlice();
        }
        slice.limit(0);
        cursor.reset(slice);
    }

    private void makeRoom(int size) {
        if (slice.capacity() < size) {
            dropSlice();
            room.take(size);
            slice = ByteBuffer.allocate(size);
        }
    }

    private void dropSlice() {
        int size = slice.capacity();
        slice = NOTHING;
        cursor.reset(slice);
        room.giveBack(size);
    }

    /** Records that are not packed lie in the slice's own array. */
    @SuppressWarnings("ReferenceEquality")
    private void countUnpacked(byte[] array) {
        if (array.length > unpackedBytes && array != slice.array()) {
            room.take(array.length - unpackedBytes);
            unpackedBytes = array.length;
        }
    }

    /** The offset behind the last of these whole batches, of which there is at least one. */
    static long endOf(ByteBuffer batches) {
        RecordBatch batch = RecordBatch.of(batches);
        for (int at = batches.position(); at < batches.limit(); at += batch.sizeInBytes()) {
            batch.wrap(batches, at);
        }
        return batch.lastOffset() + 1;
    }

    /** What a caller is told when the disk does not give the bytes at an offset, or not those that were written. */
    static NaruException unreadable(Partition partition, long offset, IOException cause) {
        if (cause instanceof LogDamagedException damage && damage.nextOffset() > offset) {
            return damaged(partition, offset, String.valueOf(damage.getMessage()), damage.nextOffset());
        }
        return unreadable(partition, cause);
    }

    /** What a caller is told when the disk does not tell what is looked for. */
    static NaruException unreadable(Partition partition, IOException cause) {
        String advice = cause instanceof LogDamagedException
                ? "That stays so until somebody mends it; reading from an offset passes it by"
                : "The broker's log says more; try again in a moment";
        return new NaruException(
                ErrorCode.STORAGE_FAILED,
                "Partition %d of topic '%s' could not be read: %s. %s."
                        .formatted(partition.number(), partition.topic(), cause.getMessage(), advice),
                cause);
    }

    private static NaruException damaged(Partition from, long offset, @Nullable String flaw, long endOfBatch) {
        long next = Math.max(endOfBatch, offset + 1);
        return new NaruException(
                ErrorCode.STORAGE_FAILED,
                "Partition %d of topic '%s' is damaged at offset %d: %s. Read on from offset %d to pass the damage by."
                        .formatted(from.number(), from.topic(), offset, flaw, next),
                Map.of("partition", from.number(), "offset", offset, "next_offset", next));
    }

    /** Where the batch that holds the position ends; every batch of the slice was found sound before. */
    private long endOfBatchAtPosition() {
        for (int at = 0; at < slice.limit(); at += batch.sizeInBytes()) {
            if (batch.wrap(slice, at).lastOffset() >= position) {
                return batch.lastOffset() + 1;
            }
        }
        return endOfSlice;
    }

    private Partition opened() {
        if (partition == null) {
            throw new IllegalStateException("No partition is open");
        }
        return partition;
    }
}

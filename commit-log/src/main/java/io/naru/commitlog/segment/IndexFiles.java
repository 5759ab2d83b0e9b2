package io.naru.commitlog.segment;

import io.naru.commitlog.segment.IndexHeader.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The offset and the time index of a finished segment, both checked, both on the disk. */
final class IndexFiles implements SegmentIndex {
    private final IndexFile offsets;
    private final IndexFile times;

    private IndexFiles(IndexFile offsets, IndexFile times) {
        this.offsets = offsets;
        this.times = times;
    }

    /** Opens and checks both files; null unless both are sound and speak of one state of the segment. */
    static @Nullable IndexFiles open(SegmentFolder folder, long baseOffset) throws IOException {
        IndexFile offsets = IndexFile.open(folder, Kind.OFFSETS, baseOffset);
        IndexFile times = offsets == null ? null : IndexFile.open(folder, Kind.TIMES, baseOffset);
        if (offsets != null && times != null && offsets.header().describesSame(times.header())) {
            return new IndexFiles(offsets, times);
        }
        if (offsets != null) {
            offsets.close();
        }
        if (times != null) {
            times.close();
        }
        return null;
    }

    /**
     * Writes both files and forces them; the offset index last, since its header vouches for the segment. Each replaces
     * the one before in one step, so that whoever reads that one finds a whole index: this one, which begins like it.
     * The directory's entries are the caller's to force.
     */
    static void write(SegmentFolder folder, IndexHeader like, SparseIndex index) throws IOException {
        int count = index.count();
        ByteBuffer times = ByteBuffer.allocate(Math.multiplyExact(count, Kind.TIMES.entryBytes()));
        ByteBuffer offsets = ByteBuffer.allocate(Math.multiplyExact(count, Kind.OFFSETS.entryBytes()));
        for (int entry = 0; entry < count; entry++) {
            times.putLong(index.timestamp(entry)).putInt(index.relativeOffset(entry));
            offsets.putInt(index.relativeOffset(entry)).putInt(index.position(entry));
        }
        write(folder, like, Kind.TIMES, count, times.flip());
        write(folder, like, Kind.OFFSETS, count, offsets.flip());
    }

    /** The seal that comes with it. */
    IndexHeader header() {
        return offsets.header();
    }

    /** Whether it was written for just this state of the segment. */
    boolean covers(IndexHeader state) {
        return header().logBytes() == state.logBytes() && header().nextOffset() == state.nextOffset();
    }

    /** All of it in memory, to grow on from. */
    SparseIndex load() throws IOException {
        SparseIndex index = new SparseIndex();
        ByteBuffer positions = offsets.readEntries();
        ByteBuffer timestamps = times.readEntries();
        while (positions.hasRemaining()) {
            index.add(positions.getInt(), positions.getInt(), timestamps.getLong());
            timestamps.getInt();
        }
        return index;
    }

    @Override
    public IndexEntry before(long relativeOffset) throws IOException {
        return entryBelow(offsets.rank(relativeOffset, ByteBuffer::getInt));
    }

    @Override
    public IndexEntry floor(long position) throws IOException {
        return entryBelow(offsets.rank(position, (entries, at) -> entries.getInt(at + Integer.BYTES)));
    }

    @Override
    public IndexEntry beforeTime(long timestamp) throws IOException {
        if (timestamp == Long.MIN_VALUE) {
            return IndexEntry.START;
        }
        int rank = times.rank(timestamp - 1, ByteBuffer::getLong);
        return rank == 0 ? IndexEntry.START : before(times.entry(rank - 1).getInt(Long.BYTES));
    }

    @Override
    public void close() throws IOException {
        try (offsets;
                times) {
            // Both are closed, whichever fails.
        }
    }

    private IndexEntry entryBelow(int rank) throws IOException {
        if (rank == 0) {
            return IndexEntry.START;
        }
        ByteBuffer entry = offsets.entry(rank - 1);
        return new IndexEntry(entry.getInt(0), entry.getInt(Integer.BYTES));
    }

    private static void write(SegmentFolder folder, IndexHeader like, Kind kind, int count, ByteBuffer entries)
            throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(entries.duplicate());
        ByteBuffer bytes = ByteBuffer.allocate(IndexHeader.BYTES + entries.remaining());
        new IndexHeader(
                        kind,
                        like.baseOffset(),
                        like.nextOffset(),
                        like.logBytes(),
                        like.maxTimestamp(),
                        like.firstAppendMillis(),
                        count,
                        (int) crc.getValue(),
                        like.indexIntervalBytes())
                .write(bytes);
        folder.replace(
                SegmentFiles.name(like.baseOffset(), kind.suffix()),
                bytes.put(entries).flip());
    }
}

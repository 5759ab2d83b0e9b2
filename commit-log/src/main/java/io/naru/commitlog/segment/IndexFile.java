package io.naru.commitlog.segment;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.segment.IndexHeader.Kind;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One finished index file, searched on the disk: a few reads, no memory. Safe for any number of threads. */
final class IndexFile implements Closeable {
    /** Entries that are read at once when the search has come so close. */
    private static final int BLOCK_ENTRIES = 256;

    private static final int CHECK_CHUNK_BYTES = 64 * 1024;

    private final DiskFile file;
    private final IndexHeader header;

    private IndexFile(DiskFile file, IndexHeader header) {
        this.file = file;
        this.header = header;
    }

    /** Opens an index file after checking every byte of it; null if it is missing or damaged. */
    static @Nullable IndexFile open(SegmentFolder folder, Kind kind, long baseOffset) throws IOException {
        DiskFile file = folder.openIfThere(SegmentFiles.name(baseOffset, kind.suffix()));
        if (file == null) {
            return null;
        }
        IndexHeader header;
        try {
            header = readHeader(folder, file, kind, baseOffset);
            if (header != null && !isWhole(folder, file, header)) {
                header = null;
            }
        } catch (IOException e) {
            file.close();
            throw e;
        }
        if (header == null) {
            file.close();
            return null;
        }
        return new IndexFile(file, header);
    }

    private static boolean isWhole(SegmentFolder folder, DiskFile file, IndexHeader header) throws IOException {
        String flaw = null;
        if (file.size() != header.fileBytes()) {
            flaw = "the file has " + file.size() + " bytes, and its header says " + header.fileBytes();
        } else if (crcOfEntries(file, header) != header.entriesCrc()) {
            flaw = "the CRC-32C of its entries is not that of their bytes";
        }
        if (flaw != null) {
            report(folder, header.kind(), header.baseOffset(), IndexHeader.BYTES, flaw);
        }
        return flaw == null;
    }

    private static void report(SegmentFolder folder, Kind kind, long baseOffset, long position, String flaw) {
        folder.damages().report(folder.path().resolve(SegmentFiles.name(baseOffset, kind.suffix())), position, flaw);
    }

    /** Only the header of an index file, its entries unchecked; null if it is missing or damaged. */
    static @Nullable IndexHeader header(SegmentFolder folder, Kind kind, long baseOffset) throws IOException {
        try (DiskFile file = folder.openIfThere(SegmentFiles.name(baseOffset, kind.suffix()))) {
            return file == null ? null : readHeader(folder, file, kind, baseOffset);
        }
    }

    IndexHeader header() {
        return header;
    }

    /** All entries, from position 0 of the answer. */
    ByteBuffer readEntries() throws IOException {
        return read(0, header.entryCount());
    }

    /** How many entries, from the first on, have a key of at most {@code largest}; keys never fall. */
    int rank(long largest, EntryKey key) throws IOException {
        int bytes = header.kind().entryBytes();
        int low = 0;
        int high = header.entryCount();
        while (high - low > BLOCK_ENTRIES) {
            int middle = (low + high) >>> 1;
            if (key.of(read(middle, 1), 0) <= largest) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        ByteBuffer block = read(low, high - low);
        int rank = low;
        while (rank < high && key.of(block, (rank - low) * bytes) <= largest) {
            rank++;
        }
        return rank;
    }

    /** One entry, at position 0 of the answer. */
    ByteBuffer entry(int number) throws IOException {
        return read(number, 1);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** What a search compares: a field of the entry that begins at {@code at}. */
    interface EntryKey {
        long of(ByteBuffer entries, int at);
    }

    private ByteBuffer read(int first, int count) throws IOException {
        int bytes = header.kind().entryBytes();
        ByteBuffer entries = ByteBuffer.allocate(Math.multiplyExact(count, bytes));
        long position = IndexHeader.BYTES + (long) first * bytes;
        if (entries.hasRemaining() && file.read(entries, position) < entries.capacity()) {
            throw new EOFException(file + " ends within the entry at position " + position);
        }
        return entries.flip();
    }

    private static @Nullable IndexHeader readHeader(SegmentFolder folder, DiskFile file, Kind kind, long baseOffset)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(IndexHeader.BYTES);
        file.read(bytes, 0);
        IndexHeader header = IndexHeader.read(bytes.flip(), kind, baseOffset);
        if (header == null) {
            report(folder, kind, baseOffset, 0, "its header is none that this build has written for this segment");
        }
        return header;
    }

    private static int crcOfEntries(DiskFile file, IndexHeader header) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(header.fileBytes(), CHECK_CHUNK_BYTES));
        long position = IndexHeader.BYTES;
        while (position < header.fileBytes()) {
            chunk.clear();
            if (file.read(chunk, position) < 0) {
                break;
            }
            position += chunk.position();
            crc.update(chunk.flip());
        }
        return (int) crc.getValue();
    }
}

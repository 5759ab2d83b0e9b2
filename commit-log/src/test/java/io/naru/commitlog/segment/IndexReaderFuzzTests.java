package io.naru.commitlog.segment;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.InMemoryDisk;
import io.naru.commitlog.segment.IndexHeader.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Whatever bytes stand where indexes or batches should: nothing wrong is ever found by them, and nothing breaks. */
class IndexReaderFuzzTests {
    private static final Path FOLDER = Path.of("/log");
    private static final int BATCHES = 30;
    private static final int RECORDS = 2;

    /** The bytes as they are, as both index files. */
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreAnIndexOrNone(byte[] bytes) throws IOException {
        InMemoryDisk disk = new InMemoryDisk();
        disk.createDirectories(FOLDER);
        SegmentFolder folder = new SegmentFolder(disk, FOLDER);
        int half = bytes.length / 2;
        write(disk, Kind.OFFSETS.suffix(), Arrays.copyOfRange(bytes, 0, half));
        write(disk, Kind.TIMES.suffix(), Arrays.copyOfRange(bytes, half, bytes.length));
        try (IndexFiles files = IndexFiles.open(folder, 0)) {
            if (files != null) {
                files.before(5);
                files.floor(500);
                files.beforeTime(1005);
                files.load();
            }
        }
    }

    /** The bytes as entries under headers and checksums that fit: an index that lies, over batches that do not. */
    @FuzzTest(maxDuration = "10m")
    void anIndexThatLiesNeverGivesTheWrongBatch(byte[] bytes) throws IOException {
        InMemoryDisk disk = new InMemoryDisk();
        disk.createDirectories(FOLDER);
        SegmentFolder folder = new SegmentFolder(disk, FOLDER);
        Segment written = fill(folder);
        int count = Math.min(bytes.length / (Kind.OFFSETS.entryBytes() + Kind.TIMES.entryBytes()), 1000);
        int offsetBytes = count * Kind.OFFSETS.entryBytes();
        write(disk, Kind.OFFSETS.suffix(), sealed(written.point(), Kind.OFFSETS, count, bytes, 0));
        write(disk, Kind.TIMES.suffix(), sealed(written.point(), Kind.TIMES, count, bytes, offsetBytes));
        written.close();
        Segment segment = new Seals(folder).openFinished(0, BATCHES * RECORDS);
        if (segment == null) {
            throw new AssertionError("The seal fits");
        }
        try (segment) {
            for (long offset = 0; offset < segment.nextOffset(); offset += 7) {
                lookUp(segment, offset);
            }
            try {
                segment.seekTime(1010, 0, new RecordCursor());
            } catch (DamagedBatchesException _) {
                // It may be told so, since it was led where there is no batch.
            }
        }
    }

    private static void lookUp(Segment segment, long offset) throws IOException {
        try {
            int position = segment.positionOf(offset);
            RecordBatch batch = segment.batchAt(position);
            if (batch.baseOffset() > offset || batch.lastOffset() < offset) {
                throw new AssertionError(
                        "Offset " + offset + " was looked for, and the batch at " + batch.baseOffset() + " found");
            }
            int end = segment.lastEnd(position, position + 300L, segment.size());
            if (end <= position || end > segment.size()) {
                throw new AssertionError("From " + position + " on batches are said to end at " + end);
            }
        } catch (DamagedBatchesException _) {
            // It may be told so, since it was led where there is no batch.
        }
    }

    /** The bytes as a segment. */
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreBatchesOrDamage(byte[] bytes) throws IOException {
        InMemoryDisk disk = new InMemoryDisk();
        disk.createDirectories(FOLDER);
        SegmentFolder folder = new SegmentFolder(disk, FOLDER);
        write(disk, SegmentFiles.LOG, bytes);
        long[] visited = {-1};
        RecoveryPoint all = new RecoveryPoint(0, bytes.length, 1000, 2000, -1);
        try (Segment scanned = Segment.unscanned(folder, 0, 100);
                Segment taken = Segment.resumed(folder, all, 100)) {
            String flaw = scanned.scan();
            if (flaw == null && scanned.size() != bytes.length) {
                throw new AssertionError("Nothing is wrong, and not all was taken");
            }
            taken.forEachBatch(0, (batch, position) -> {
                if (batch.baseOffset() <= visited[0]) {
                    throw new AssertionError("Offset " + batch.baseOffset() + " came after " + visited[0]);
                }
                visited[0] = batch.lastOffset();
            });
        } catch (CorruptBatchException _) {
            // Records of a sound batch that are none.
        }
    }

    private static byte[] sealed(RecoveryPoint point, Kind kind, int count, byte[] from, int at) {
        ByteBuffer file = ByteBuffer.allocate(IndexHeader.BYTES + count * kind.entryBytes());
        file.put(IndexHeader.BYTES, from, at, count * kind.entryBytes());
        CRC32C crc = new CRC32C();
        crc.update(file.array(), IndexHeader.BYTES, count * kind.entryBytes());
        new IndexHeader(
                        kind,
                        point.baseOffset(),
                        point.nextOffset(),
                        point.position(),
                        point.maxTimestamp(),
                        point.firstAppendMillis(),
                        count,
                        (int) crc.getValue(),
                        100)
                .write(file);
        return file.array();
    }

    private static Segment fill(SegmentFolder folder) throws IOException {
        Segment segment = Segment.create(folder, 0, 100, 1000);
        byte[] value = new byte[40];
        for (int i = 0; i < BATCHES; i++) {
            RecordBatchBuilder builder = new RecordBatchBuilder(1000);
            for (int j = 0; j < RECORDS; j++) {
                builder.tryAppend(1000 + i, null, 0, -1, value, 0, value.length, RecordHeaders.NONE);
            }
            ByteBuffer batch = builder.build(Codec.NONE);
            RecordBatch header = RecordBatch.of(batch);
            header.assign((long) i * RECORDS, 1);
            segment.append(batch, header, 1000 + i);
        }
        return segment;
    }

    private static void write(InMemoryDisk disk, String suffix, byte[] bytes) throws IOException {
        try (DiskFile file = disk.create(FOLDER.resolve(SegmentFiles.name(0, suffix)))) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }
}

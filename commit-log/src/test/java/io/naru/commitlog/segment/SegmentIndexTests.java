package io.naru.commitlog.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.InMemoryDisk;
import io.naru.commitlog.segment.IndexHeader.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SegmentIndexTests {
    private static final Path FOLDER = Path.of("/log");
    private static final long BASE = 5_000_000_000L;

    private final InMemoryDisk disk = new InMemoryDisk();
    private final SegmentFolder folder = new SegmentFolder(disk, FOLDER);

    @Property(tries = 60)
    void theDiskAnswersAsMemoryDoes(@ForAll @IntRange(max = 3000) int entries, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        SparseIndex memory = build(entries, random);
        write(memory);
        try (IndexFiles files = IndexFiles.open(folder, BASE)) {
            assertThat(files).isNotNull();
            SparseIndex loaded = files.load();
            assertThat(loaded.count()).isEqualTo(entries);
            for (int i = 0; i < 50; i++) {
                int offset = random.nextInt(entries * 3 + 10);
                int position = random.nextInt(entries * 100 + 10);
                long timestamp = random.nextInt(entries * 5 + 10);
                assertThat(files.before(offset)).isEqualTo(memory.before(offset));
                assertThat(files.floor(position)).isEqualTo(memory.floor(position));
                assertThat(files.beforeTime(timestamp)).isEqualTo(memory.beforeTime(timestamp));
                assertThat(loaded.before(offset)).isEqualTo(memory.before(offset));
                assertThat(loaded.beforeTime(timestamp)).isEqualTo(memory.beforeTime(timestamp));
            }
            assertThat(files.beforeTime(Long.MIN_VALUE)).isEqualTo(IndexEntry.START);
            assertThat(files.before(-1)).isEqualTo(IndexEntry.START);
        }
    }

    @Property(tries = 200)
    void noFlippedBitGoesUnnoticed(@ForAll @IntRange(max = 40) int entries, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        write(build(entries, random));
        Kind kind = Kind.values()[random.nextInt(2)];
        try (DiskFile file = disk.open(FOLDER.resolve(SegmentFiles.name(BASE, kind.suffix())))) {
            ByteBuffer one = ByteBuffer.allocate(1);
            int position = random.nextInt((int) file.size());
            file.read(one, position);
            file.write(
                    one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8)))).rewind(), position);
        }
        assertThat(IndexFiles.open(folder, BASE)).isNull();
    }

    @Property(tries = 50)
    void noCutOffByteGoesUnnoticed(@ForAll @IntRange(max = 40) int entries, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        write(build(entries, random));
        Kind kind = Kind.values()[random.nextInt(2)];
        try (DiskFile file = disk.open(FOLDER.resolve(SegmentFiles.name(BASE, kind.suffix())))) {
            file.truncate(random.nextInt((int) file.size()));
        }
        assertThat(IndexFiles.open(folder, BASE)).isNull();
    }

    @Property(tries = 1)
    void anIndexOfAnotherStateIsNotTaken() throws IOException {
        write(build(10, new Random(1)));
        try (IndexFiles files = IndexFiles.open(folder, BASE)) {
            assertThat(files.covers(state(12345, 99))).isTrue();
            assertThat(files.covers(state(12346, 99))).isFalse();
            assertThat(files.covers(state(12345, 98))).isFalse();
        }
        assertThat(IndexFiles.open(folder, BASE + 1)).isNull();
    }

    private void write(SparseIndex index) throws IOException {
        disk.createDirectories(FOLDER);
        IndexFiles.write(folder, state(12345, 99), index);
    }

    private static IndexHeader state(long logBytes, long relativeNextOffset) {
        return new IndexHeader(Kind.OFFSETS, BASE, BASE + relativeNextOffset, logBytes, 77, -1, 0, 0, 4096);
    }

    private static SparseIndex build(int entries, Random random) {
        SparseIndex index = new SparseIndex();
        int offset = 0;
        int position = 0;
        long timestamp = Long.MIN_VALUE;
        for (int i = 0; i < entries; i++) {
            offset += 1 + random.nextInt(4);
            position += 61 + random.nextInt(60);
            // Times may stand still; the first batch has none before it.
            timestamp = Math.max(timestamp, 0) + random.nextInt(5);
            index.add(offset, position, timestamp);
        }
        return index;
    }
}

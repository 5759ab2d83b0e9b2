package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.TestBatches.Text;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.damage.Damage;
import io.naru.commitlog.disk.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;

/** One bit of a log's files is not what was written: what that makes unsure is never read, all else is. */
class DamagedReadTests {
    private static final LogConfig CONFIG = new LogConfig(1500, Long.MAX_VALUE, 200);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");
    private static final int LEADER_EPOCH_FROM = 12;
    private static final int LEADER_EPOCH_TO = 16;

    private FaultyDisk disk = new FaultyDisk(1);
    private final TreeMap<Long, Text> written = new TreeMap<>();

    @BeforeTry
    void begin() {
        disk = new FaultyDisk(1);
        written.clear();
    }

    @Property(tries = 1000)
    void noFlippedBitOfABatchIsEverServed(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            CommitLog log = fill(directory, random);
            List<Place> batches = batches(log);
            Place damaged = batches.get(random.nextInt(batches.size()));
            int at = random.nextInt(damaged.bytes());
            flip(damaged.file(), damaged.position() + at, random);

            List<Text> read = new ArrayList<>();
            List<LogDamagedException> told = readAll(log, read);
            boolean matters = at < LEADER_EPOCH_FROM || at >= LEADER_EPOCH_TO;
            assertThat(read)
                    .containsExactlyElementsOf(written.values().stream()
                            .filter(text -> !matters || !damaged.holds(text.offset()))
                            .toList());
            assertThat(told).hasSize(matters ? 1 : 0);
            if (matters) {
                assertThat(told.getFirst().file()).isEqualTo(damaged.file());
                assertThat(told.getFirst().position()).isEqualTo(damaged.position());
                assertThat(told.getFirst().nextOffset()).isEqualTo(damaged.last() + 1);
                assertThat(told.getFirst())
                        .hasMessageContaining(damaged.file().toString())
                        .hasMessageContaining("position " + damaged.position());
                assertThat(log.damages())
                        .singleElement()
                        .satisfies(damage -> assertThat(damage.position()).isEqualTo(damaged.position()));
            }
            for (long offset : written.keySet()) {
                Optional<List<Text>> there = tryRead(log, offset);
                assertThat(there.isEmpty()).isEqualTo(matters && damaged.holds(offset));
                there.ifPresent(texts -> assertThat(texts.getFirst()).isEqualTo(written.get(offset)));
            }
        }
    }

    @Property(tries = 300)
    void aTimeIsFoundRightlyOrNotAtAll(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            CommitLog log = fill(directory, random);
            List<Place> batches = batches(log);
            Place damaged = batches.get(random.nextInt(batches.size()));
            flip(damaged.file(), damaged.position() + random.nextInt(damaged.bytes()), random);
            for (long time = 990; time < 1300; time += 7) {
                long wanted = time;
                Optional<Text> right = written.values().stream()
                        .filter(text -> text.timestamp() >= wanted)
                        .findFirst();
                try {
                    assertThat(log.offsetForTime(wanted).map(TimestampedOffset::offset))
                            .isEqualTo(right.map(Text::offset));
                } catch (LogDamagedException e) {
                    assertThat(e.position()).isEqualTo(damaged.position());
                }
            }
        }
    }

    @Property(tries = 500)
    void aFlippedBitOfAnIndexIsMended(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            CommitLog log = fill(directory, random);
            if (random.nextBoolean()) {
                // Those that are open are not looked through again before they lead astray.
                assertThat(readAll(log, new ArrayList<>())).isEmpty();
            }
            List<String> indexes = disk.list(FOLDER).stream()
                    .filter(name -> name.endsWith("index"))
                    .toList();
            Path index = FOLDER.resolve(indexes.get(random.nextInt(indexes.size())));
            flip(index, random.nextInt((int) disk.size(index)), random);
            List<Text> read = new ArrayList<>();
            assertThat(readAll(log, read)).isEmpty();
            assertThat(read).containsExactlyElementsOf(written.values());
            for (long offset : written.keySet()) {
                assertThat(tryRead(log, offset).orElseThrow().getFirst()).isEqualTo(written.get(offset));
            }
            assertThat(log.damages())
                    .allMatch(Damage::mended)
                    .allMatch(damage -> damage.file().equals(index));
        }
    }

    @Property(tries = 200)
    void anIndexIsBuiltAgainOverDamagedBatches(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Place damaged;
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            List<Place> batches = batches(fill(directory, random));
            damaged = batches.get(random.nextInt(batches.size()));
        }
        String name = damaged.file().getFileName().toString();
        Path index = FOLDER.resolve(name.replace(".log", ".index"));
        flip(damaged.file(), damaged.position() + LEADER_EPOCH_TO + random.nextInt(40), random);
        // Not the header, which says how much has been forced.
        if (disk.size(index) > 64) {
            flip(index, 64 + random.nextInt((int) disk.size(index) - 64), random);
        }
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            for (long offset : written.keySet()) {
                assertThat(tryRead(log, offset).isEmpty()).isEqualTo(damaged.holds(offset));
            }
            List<Text> read = new ArrayList<>();
            assertThat(readAll(log, read)).hasSize(1);
            assertThat(read)
                    .containsExactlyElementsOf(written.values().stream()
                            .filter(text -> !damaged.holds(text.offset()))
                            .toList());
        }
    }

    @Example
    void whatIsReadInOneGoEndsBeforeTheDamage() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            CommitLog log = fill(directory, new Random(3));
            List<Place> batches = batches(log);
            Place third = batches.get(2);
            flip(third.file(), third.position() + RecordBatch.HEADER_BYTES, new Random(3));
            byte[] bytes = log.read(0, 1 << 20, Long.MAX_VALUE).readBytes();
            assertThat(bytes).hasSize(third.position());
        }
    }

    @Example
    void damageIsKnownAfterAnOrderlyRestartOnceItIsRead() throws IOException {
        Place place;
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            place = batches(fill(directory, new Random(4))).get(1);
        }
        flip(place.file(), place.position() + 30, new Random(4));
        try (LogDirectory directory = LogDirectory.open(disk, ROOT)) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            assertThat(readAll(log, new ArrayList<>())).hasSize(1);
            assertThat(directory.damages().count()).isEqualTo(1);
            // It grows on, and what was there before is not touched.
            log.append(TestBatches.batch("more"), 1, 0);
            log.force();
            assertThat(disk.size(place.file())).isGreaterThan(place.position());
            directory.deleteLog("orders/0");
            assertThat(directory.damages().all()).isEmpty();
        }
    }

    /** Where a batch is. */
    private record Place(Path file, int position, int bytes, long base, long last) {
        boolean holds(long offset) {
            return offset >= base && offset <= last;
        }
    }

    private CommitLog fill(LogDirectory directory, Random random) throws IOException {
        CommitLog log = directory.openLog("orders/0", CONFIG);
        for (int i = 0; i < 40; i++) {
            List<String> values = new ArrayList<>();
            List<Long> times = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (int j = 0; j < count; j++) {
                values.add("value " + i + "." + j + "x".repeat(random.nextInt(20)));
                times.add(1000L + i * 5 + random.nextInt(9));
            }
            Codec codec = random.nextInt(4) == 0 ? Codec.GZIP : Codec.NONE;
            LogAppend done = log.append(TestBatches.batch(codec, values, times), 1, 0);
            for (int j = 0; j < count; j++) {
                written.put(done.baseOffset() + j, new Text(done.baseOffset() + j, times.get(j), values.get(j)));
            }
        }
        log.force();
        directory.checkpoint();
        return log;
    }

    private List<Place> batches(CommitLog log) throws IOException {
        TreeMap<Long, Boolean> bases = new TreeMap<>();
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith(".log")) {
                bases.put(Long.parseLong(name.substring(0, 20)), true);
            }
        }
        List<Place> places = new ArrayList<>();
        long base = -1;
        int position = 0;
        for (RecordBatch header : TestBatches.headers(log)) {
            long segment = bases.floorKey(header.baseOffset());
            if (segment != base) {
                base = segment;
                position = 0;
            }
            places.add(new Place(
                    FOLDER.resolve("%020d.log".formatted(base)),
                    position,
                    header.sizeInBytes(),
                    header.baseOffset(),
                    header.lastOffset()));
            position += header.sizeInBytes();
        }
        return places;
    }

    /** Reads as a client does, from slice to slice, and past any damage as it is told to. */
    private static List<LogDamagedException> readAll(CommitLog log, List<Text> read) throws IOException {
        List<LogDamagedException> told = new ArrayList<>();
        long next = 0;
        while (next < log.logEndOffset()) {
            try {
                byte[] bytes = log.read(next, 400, Long.MAX_VALUE).readBytes();
                for (Text text : texts(bytes, next)) {
                    read.add(text);
                    next = text.offset() + 1;
                }
            } catch (StaleSliceException _) {
                // An index was built again: the same once more.
            } catch (LogDamagedException e) {
                told.add(e);
                assertThat(e.nextOffset()).isGreaterThan(next);
                next = e.nextOffset();
            }
        }
        return told;
    }

    private static Optional<List<Text>> tryRead(CommitLog log, long offset) throws IOException {
        while (true) {
            try {
                return Optional.of(texts(log.read(offset, 1, Long.MAX_VALUE).readBytes(), offset));
            } catch (StaleSliceException _) {
                // An index was built again: the same once more.
            } catch (LogDamagedException _) {
                return Optional.empty();
            }
        }
    }

    private static List<Text> texts(byte[] batches, long from) {
        List<Text> texts = new ArrayList<>();
        RecordCursor cursor = new RecordCursor(ByteBuffer.wrap(batches));
        while (cursor.next()) {
            if (cursor.offset() >= from) {
                String value =
                        new String(cursor.array(), cursor.valueOffset(), cursor.valueLength(), StandardCharsets.UTF_8);
                texts.add(new Text(cursor.offset(), cursor.timestamp(), value));
            }
        }
        return texts;
    }

    private void flip(Path file, int position, Random random) throws IOException {
        Damaging.flip(disk, file, position, random.nextInt(8));
    }
}

package io.naru.commitlog.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.epoch.EpochHistory;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.producer.ProducerState;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotFilesTests {
    private static final Path FOLDER = Path.of("/data/log");
    private static final ProducerState STATE = someProducers();

    private final FaultyDisk disk = new FaultyDisk(11);
    private final SegmentFolder folder = new SegmentFolder(disk, FOLDER);
    private final SnapshotFiles files = new SnapshotFiles(folder, ProducerLimits.DEFAULT);

    @BeforeEach
    void makeTheFolder() throws IOException {
        disk.createDirectories(FOLDER);
        disk.forceDirectory(FOLDER);
        disk.forceDirectory(Path.of("/data"));
        disk.forceDirectory(Path.of("/"));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        files.write(snapshot(300), Long.MAX_VALUE);
        assertThat(files.offsets()).containsExactly(300L);
        assertThat(read(300)).isEqualTo(snapshot(300));
        assertThat(disk.list(FOLDER)).containsExactly("00000000000000000300.snapshot");
    }

    @Test
    void aSnapshotSurvivesThePowerLossThatFollowsIt() throws IOException {
        files.write(snapshot(300), Long.MAX_VALUE);
        disk.crash(Crash.POWER);
        assertThat(read(300)).isEqualTo(snapshot(300));
    }

    @Test
    void theNewestThreeAreKept() throws IOException {
        for (long offset = 100; offset <= 600; offset += 100) {
            files.write(snapshot(offset), Long.MAX_VALUE);
        }
        assertThat(files.offsets()).containsExactly(600L, 500L, 400L);
    }

    @Test
    void theNewestThatTellsOfNoMoreThanIsOnTheDiskIsKeptToo() throws IOException {
        for (long offset = 100; offset <= 600; offset += 100) {
            files.write(snapshot(offset), 250);
        }
        assertThat(files.offsets()).containsExactly(600L, 500L, 400L, 200L);
        files.write(snapshot(700), 450);
        assertThat(files.offsets()).containsExactly(700L, 600L, 500L, 400L);
    }

    @Test
    void whatSpeaksOfMoreThanTheLogHoldsIsDeletedForGood() throws IOException {
        files.write(snapshot(100), Long.MAX_VALUE);
        files.write(snapshot(200), Long.MAX_VALUE);
        files.write(snapshot(300), Long.MAX_VALUE);
        files.deleteBeyond(200);
        disk.crash(Crash.POWER);
        assertThat(files.offsets()).containsExactly(200L, 100L);
    }

    @Test
    void whatAnInterruptedWriteLeftIsDeleted() throws IOException {
        disk.fail(Operation.RENAME, 1);
        assertThatThrownBy(() -> files.write(snapshot(100), Long.MAX_VALUE)).isInstanceOf(IOException.class);
        assertThat(disk.list(FOLDER)).containsExactly("00000000000000000100.snapshot.new");
        files.deleteBeyond(1000);
        assertThat(disk.list(FOLDER)).isEmpty();
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        files.write(snapshot(300), Long.MAX_VALUE);
        try (DiskFile file = disk.open(FOLDER.resolve("00000000000000000300.snapshot"))) {
            for (int at = 0; at < file.size(); at++) {
                for (int bit = 0; bit < 8; bit++) {
                    flip(file, at, bit);
                    assertThat(read(300)).as("bit %d of byte %d", bit, at).isNull();
                    flip(file, at, bit);
                }
            }
        }
        assertThat(read(300)).isEqualTo(snapshot(300));
    }

    @Test
    void everyTornFileIsFound() throws IOException {
        files.write(snapshot(300), Long.MAX_VALUE);
        try (DiskFile file = disk.open(FOLDER.resolve("00000000000000000300.snapshot"))) {
            for (long size = file.size() - 1; size >= 0; size--) {
                file.truncate(size);
                assertThat(read(300)).as("%d bytes", size).isNull();
            }
        }
    }

    @Test
    void aSnapshotUnderAnotherNameIsNone() throws IOException {
        files.write(snapshot(300), Long.MAX_VALUE);
        disk.rename(FOLDER.resolve("00000000000000000300.snapshot"), FOLDER.resolve("00000000000000000400.snapshot"));
        assertThat(read(400)).isNull();
        assertThat(read(300)).isNull();
    }

    @Test
    void aCrashAtAnyStepOfAWriteLeavesTheOldOnesAndWholeNewOnes() throws IOException {
        for (Crash how : Crash.values()) {
            for (int step = 1; step <= 8; step++) {
                for (long offset : files.offsets()) {
                    folder.delete("%020d.snapshot".formatted(offset));
                }
                for (long offset = 100; offset <= 300; offset += 100) {
                    files.write(snapshot(offset), Long.MAX_VALUE);
                }
                disk.crashAt(step, how);
                boolean done;
                try {
                    files.write(snapshot(400), Long.MAX_VALUE);
                    done = true;
                } catch (IOException _) {
                    done = false;
                }
                disk.restart();
                List<Long> offsets = files.offsets();
                assertThat(offsets).as("%s at step %d", how, step).contains(300L, 200L);
                for (long offset : offsets) {
                    assertThat(read(offset)).isEqualTo(snapshot(offset));
                }
                if (done) {
                    assertThat(offsets).contains(400L);
                }
            }
        }
    }

    /** Two writes of the same snapshot at once tore each other's files apart in Kafka (KAFKA-16541). */
    @Test
    void writesFromSeveralThreadsDoNotHurtEachOther() throws Exception {
        CountDownLatch together = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                long offset = 100 + i % 3;
                writes.add(threads.submit(() -> {
                    together.await();
                    files.write(snapshot(offset), Long.MAX_VALUE);
                    return null;
                }));
            }
            together.countDown();
            for (Future<?> write : writes) {
                write.get();
            }
        }
        assertThat(files.offsets()).containsExactly(102L, 101L, 100L);
        for (long offset : files.offsets()) {
            assertThat(read(offset)).isEqualTo(snapshot(offset));
        }
    }

    private static EncodedSnapshot snapshot(long offset) {
        return encode(
                offset, 17, EpochHistory.EMPTY.with(0, 0).with(3, offset / 2).with(4, offset - 1), STATE);
    }

    private @Nullable EncodedSnapshot read(long offset) throws IOException {
        LogSnapshot snapshot = files.read(offset);
        return snapshot == null
                ? null
                : encode(snapshot.offset(), snapshot.lastPosition(), snapshot.epochs(), snapshot.producers());
    }

    private static EncodedSnapshot encode(long offset, int lastPosition, EpochHistory epochs, ProducerState producers) {
        EncodedSnapshot encoded = LogSnapshot.encode(offset, lastPosition, epochs, producers);
        assertThat(encoded.sizeInBytes()).isEqualTo(LogSnapshot.sizeInBytes(epochs, producers));
        return encoded;
    }

    private static ProducerState someProducers() {
        ProducerState state = new ProducerState(ProducerLimits.DEFAULT);
        for (int i = 0; i < 20; i++) {
            RecordBatchBuilder builder = new RecordBatchBuilder(1000);
            builder.tryAppend(i, null, 0, -1, null, 0, -1, RecordHeaders.NONE);
            if (i % 2 == 0) {
                builder.producer(i % 3, (short) 0, i);
            } else {
                builder.producer(Long.MIN_VALUE + i, (short) i, i);
            }
            RecordBatch batch = RecordBatch.of(builder.build(Codec.NONE));
            batch.assign(i, 0);
            state.appended(batch, i);
        }
        return state;
    }

    private static void flip(DiskFile file, int at, int bit) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        file.read(one, at);
        one.put(0, (byte) (one.get(0) ^ 1 << bit)).rewind();
        file.write(one, at);
    }
}

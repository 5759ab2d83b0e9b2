package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.epoch.EpochEnd;
import io.naru.commitlog.epoch.EpochHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log tells of its leaders, and that its snapshots are never believed over it. */
class BatchHistoryTests {
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");

    private final FaultyDisk disk = new FaultyDisk(5);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        log = directory.openLog("orders/0", CONFIG);
    }

    @Test
    void aNewLogHasNoEpochs() throws IOException {
        assertThat(log.latestEpoch()).isEqualTo(EpochHistory.NONE);
        assertThat(log.endOffsetFor(3)).isEqualTo(new EpochEnd(3, 0));
        directory.close();
        assertThat(snapshots()).isEmpty();
        open();
        assertThat(log.latestEpoch()).isEqualTo(EpochHistory.NONE);
    }

    @Test
    void epochsAreKnownWhileTheyAreWritten() throws IOException {
        appendThreeEpochs();
        assertKnowsThreeEpochs();
    }

    @Test
    void anAppendOfAnEarlierLeaderIsRefused() throws IOException {
        append(4, 1);
        assertThatThrownBy(() -> append(3, 1))
                .isInstanceOf(StaleEpochException.class)
                .hasMessageContaining("epoch 4");
        assertThat(log.logEndOffset()).isEqualTo(1);
        append(4, 1);
        append(5, 1);
        assertThat(log.latestEpoch()).isEqualTo(5);
    }

    @Test
    void anAppendThatFailedBeganNoEpoch() throws IOException {
        append(0, 1);
        disk.fail(Operation.WRITE, 1);
        assertThatThrownBy(() -> append(2, 1)).isInstanceOf(IOException.class);
        assertThat(log.latestEpoch()).isZero();
        append(1, 1);
        assertThat(log.endOffsetFor(2)).isEqualTo(new EpochEnd(1, 2));
    }

    @Test
    void epochsSurviveACleanEnd() throws IOException {
        appendThreeEpochs();
        directory.close();
        assertThat(snapshots()).contains(snapshotName(60));
        open();
        assertKnowsThreeEpochs();
    }

    @Test
    void epochsSurviveAKilledProcess() throws IOException {
        appendThreeEpochs();
        log.force();
        assertThat(snapshots()).isNotEmpty();
        append(8, 3);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.endOffsetFor(7)).isEqualTo(new EpochEnd(7, 60));
        assertThat(log.endOffsetFor(8)).isEqualTo(new EpochEnd(8, 63));
    }

    /** In Kafka, epoch 0 was lost when a segment was recovered (KAFKA-10432). */
    @Test
    void epochZeroSurvivesRecovery() throws IOException {
        append(0, 3);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.latestEpoch()).isZero();
        assertThat(log.endOffsetFor(0)).isEqualTo(new EpochEnd(0, 3));
    }

    @Test
    void theSnapshotIsReadAndTheBatchesBeforeItAreNot() throws IOException {
        appendThreeEpochs();
        directory.close();
        // Of the first epoch nobody but the snapshot can tell any more.
        change(0, 12, 4);
        open();
        assertKnowsThreeEpochs();
    }

    @Test
    void withoutASnapshotTheBatchesAreRead() throws IOException {
        appendThreeEpochs();
        directory.close();
        for (String name : snapshots()) {
            disk.delete(FOLDER.resolve(name));
        }
        open();
        assertKnowsThreeEpochs();
    }

    @Test
    void aDamagedSnapshotIsPassedOver() throws IOException {
        appendThreeEpochs();
        directory.close();
        for (String name : snapshots()) {
            damage(name);
            open();
            assertKnowsThreeEpochs();
            directory.close();
        }
    }

    @Test
    void aSnapshotOlderThanTheLogIsCompletedFromIt() throws IOException {
        append(0, 20);
        directory.close();
        byte[] old = bytesOf(snapshotName(20));
        open();
        append(3, 20);
        append(7, 20);
        directory.close();
        for (String name : snapshots()) {
            disk.delete(FOLDER.resolve(name));
        }
        write(snapshotName(20), old);
        open();
        assertKnowsThreeEpochs();
    }

    @Test
    void aSnapshotNewerThanTheLogIsDeleted() throws IOException {
        appendThreeEpochs();
        directory.close();
        byte[] newer = bytesOf(snapshotName(60));
        disk.crash(Crash.PROCESS);
        deleteLog();
        append(1, 10);
        directory.close();
        write(snapshotName(60), newer);
        open();
        assertThat(snapshots()).doesNotContain(snapshotName(60));
        assertThat(log.endOffsetFor(9)).isEqualTo(new EpochEnd(1, 10));
    }

    /** Files of one moment beside a log of another: as long as the log, or shorter, and yet of another history. */
    @Test
    void aSnapshotOfAnotherHistoryIsNotBelieved() throws IOException {
        appendThreeEpochs();
        directory.close();
        byte[] foreign = bytesOf(snapshotName(60));
        deleteLog();
        append(1, 50);
        append(2, 20);
        directory.close();
        for (String name : snapshots()) {
            disk.delete(FOLDER.resolve(name));
        }
        write(snapshotName(60), foreign);
        open();
        assertThat(log.endOffsetFor(1)).isEqualTo(new EpochEnd(1, 50));
        assertThat(log.endOffsetFor(9)).isEqualTo(new EpochEnd(2, 70));
        assertThat(log.endOffsetFor(0)).isEqualTo(new EpochEnd(0, 0));
    }

    @Test
    void aSnapshotThatCannotBeWrittenCostsNothingButTime() throws IOException {
        appendThreeEpochs();
        disk.limit(disk.usedBytes());
        assertThat(log.force()).isEqualTo(60);
        assertThat(snapshots()).isEmpty();
        disk.limit(Long.MAX_VALUE);
        disk.crash(Crash.PROCESS);
        open();
        assertKnowsThreeEpochs();
    }

    @Test
    void aDamagedBatchHidesNoMoreThanTheRestOfItsSegment() throws IOException {
        appendThreeEpochs();
        directory.close();
        for (String name : snapshots()) {
            disk.delete(FOLDER.resolve(name));
        }
        change(0, 16, 1);
        open();
        assertThat(log.endOffsetFor(3)).isEqualTo(new EpochEnd(3, 40));
        assertThat(log.endOffsetFor(7)).isEqualTo(new EpochEnd(7, 60));
    }

    @Test
    void anEndThatIsCutOffByRecoveryIsForgotten() throws IOException {
        append(0, 3);
        log.force();
        append(2, 1);
        try (DiskFile file = disk.open(FOLDER.resolve("00000000000000000000.log"))) {
            file.truncate(file.size() - 1);
        }
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.endOffsetFor(9)).isEqualTo(new EpochEnd(0, 3));
        append(1, 1);
        assertThat(log.endOffsetFor(9)).isEqualTo(new EpochEnd(1, 4));
    }

    @Test
    void acceptingDamageKeepsTheEpochsThatAreLeft() throws IOException {
        append(0, 2);
        append(2, 3);
        log.force();
        int batch = TestBatches.batch("x").remaining();
        try (DiskFile file = disk.open(FOLDER.resolve("00000000000000000000.log"))) {
            file.write(ByteBuffer.wrap(new byte[] {99}), 2L * batch + 40);
        }
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
        log.acceptDamage();
        append(1, 1);
        assertThat(log.endOffsetFor(9)).isEqualTo(new EpochEnd(1, 3));
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.endOffsetFor(9)).isEqualTo(new EpochEnd(1, 3));
        assertThat(log.endOffsetFor(0)).isEqualTo(new EpochEnd(0, 2));
    }

    private void appendThreeEpochs() throws IOException {
        append(0, 20);
        append(3, 20);
        append(7, 20);
    }

    private void assertKnowsThreeEpochs() {
        assertThat(log.latestEpoch()).isEqualTo(7);
        assertThat(log.endOffsetFor(0)).isEqualTo(new EpochEnd(0, 20));
        assertThat(log.endOffsetFor(2)).isEqualTo(new EpochEnd(0, 20));
        assertThat(log.endOffsetFor(3)).isEqualTo(new EpochEnd(3, 40));
        assertThat(log.endOffsetFor(6)).isEqualTo(new EpochEnd(3, 40));
        assertThat(log.endOffsetFor(7)).isEqualTo(new EpochEnd(7, 60));
    }

    private void append(int epoch, int batches) throws IOException {
        for (int i = 0; i < batches; i++) {
            log.append(TestBatches.batch("x"), epoch, 0);
        }
    }

    private void deleteLog() throws IOException {
        disk.crash(Crash.PROCESS);
        open();
        directory.deleteLog("orders/0");
        log = directory.openLog("orders/0", CONFIG);
    }

    private List<String> snapshots() throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.endsWith(".snapshot"))
                .toList();
    }

    private static String snapshotName(long offset) {
        return "%020d.snapshot".formatted(offset);
    }

    private byte[] bytesOf(String name) throws IOException {
        try (DiskFile file = disk.open(FOLDER.resolve(name))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return bytes.array();
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        disk.delete(FOLDER.resolve(name));
        try (DiskFile file = disk.create(FOLDER.resolve(name))) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private void damage(String name) throws IOException {
        try (DiskFile file = disk.open(FOLDER.resolve(name))) {
            file.write(ByteBuffer.wrap(new byte[] {77}), file.size() / 2);
        }
    }

    /** Overwrites one byte of the batch that the first segment begins with. */
    private void change(int batch, int at, int value) throws IOException {
        try (DiskFile file = disk.open(FOLDER.resolve("00000000000000000000.log"))) {
            int size = TestBatches.batch("x").remaining();
            file.write(ByteBuffer.wrap(new byte[] {(byte) value}), (long) batch * size + at);
        }
    }
}

package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.damage.Damage;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bit is flipped in each kind of file while nobody runs; the next opening notices, and loses nothing by it. */
class DamagedRecoveryTests {
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");
    private static final int BATCHES = 40;

    private final FaultyDisk disk = new FaultyDisk(1);
    private LogDirectory directory = fill();

    private LogDirectory fill() {
        try {
            LogDirectory opened = LogDirectory.open(disk, ROOT);
            CommitLog log = opened.openLog("orders/0", CONFIG);
            for (int i = 0; i < BATCHES; i++) {
                log.append(TestBatches.of(7, 0, i, 1), 1, 1000 + i);
            }
            log.force();
            opened.checkpoint();
            return opened;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
    }

    @Test
    void ofABatchThatNoSealVouchesFor() throws IOException {
        disk.crash(Crash.PROCESS);
        Path segment = list(".log").get(1);
        disk.delete(list(".index").get(1));
        Damaging.flip(disk, segment, 300, 3);
        CommitLog log = reopen();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
        assertThat(directory.damages().all()).singleElement().satisfies(damage -> {
            assertThat(damage.file()).isEqualTo(segment);
            assertThat(damage.position()).isBetween(100L, 300L);
            assertThat(damage.mended()).isFalse();
        });
        long end = log.logEndOffset();
        assertThat(TestBatches.values(log)).containsExactlyElementsOf(values(0, (int) end));
        log.acceptDamage();
        assertThat(directory.damages().all()).isEmpty();
        assertThat(list(".cut")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({".index,10", ".index,70", ".timeindex,10", ".timeindex,70"})
    void ofAnIndex(String suffix, int position) throws IOException {
        disk.crash(Crash.PROCESS);
        Path index = list(suffix).get(1);
        Damaging.flip(disk, index, position, 3);
        CommitLog log = reopen();
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(TestBatches.values(log)).containsExactlyElementsOf(values(0, BATCHES));
        for (int i = 0; i < BATCHES; i++) {
            assertThat(log.read(i, 1, Long.MAX_VALUE).readBytes()).isNotEmpty();
        }
        assertThat(directory.damages().all())
                .isNotEmpty()
                .allMatch(damage -> damage.file().equals(index))
                .allMatch(Damage::mended);
    }

    @Test
    void ofASnapshot() throws IOException {
        directory.close();
        Path snapshot = list(".snapshot").getLast();
        Damaging.flip(disk, snapshot, 40, 3);
        CommitLog log = reopen();
        assertThat(directory.damages().all())
                .singleElement()
                .satisfies(damage -> assertThat(damage.file()).isEqualTo(snapshot));
        assertThat(log.append(TestBatches.of(7, 0, BATCHES - 1, 1), 1, 2000).isDuplicate())
                .isTrue();
        assertThat(log.append(TestBatches.of(7, 0, BATCHES, 1), 1, 2000).isDuplicate())
                .isFalse();
    }

    @Test
    void ofWhereTheLogStarts() throws IOException {
        directory.openLog("orders/0", CONFIG).upkeep().deleteBefore(20, 2000);
        directory.close();
        Damaging.flip(disk, FOLDER.resolve("log-start"), 12, 3);
        CommitLog log = reopen();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
        assertThat(directory.damages().all())
                .singleElement()
                .satisfies(damage -> assertThat(damage.file()).isEqualTo(FOLDER.resolve("log-start")));
    }

    @Test
    void ofTheRecoveryPoints() throws IOException {
        disk.crash(Crash.PROCESS);
        Path points = ROOT.resolve("naru-recovery-points");
        Damaging.flip(disk, points, 15, 3);
        CommitLog log = reopen();
        assertThat(TestBatches.values(log)).containsExactlyElementsOf(values(0, BATCHES));
        assertThat(directory.damages().all())
                .singleElement()
                .satisfies(damage -> assertThat(damage.file()).isEqualTo(points));
        directory.checkpoint();
        assertThat(directory.damages().all()).singleElement().matches(Damage::mended);
        disk.crash(Crash.PROCESS);
        reopen();
        assertThat(directory.damages().all()).isEmpty();
    }

    private CommitLog reopen() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        return directory.openLog("orders/0", CONFIG);
    }

    private List<Path> list(String suffix) throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.endsWith(suffix))
                .map(FOLDER::resolve)
                .toList();
    }

    private static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "value " + i).toList();
    }
}

package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log keeps and what it lets go. Each append makes a segment of its own. */
class RetentionTests {
    private static final int SEGMENT_MILLIS = 10_000;
    private static final LogConfig CONFIG = new LogConfig(1, SEGMENT_MILLIS, 100);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");
    private static final long EVERYTHING = Long.MAX_VALUE;

    private final FaultyDisk disk = new FaultyDisk(1);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        log = directory.openLog("orders/0", CONFIG);
    }

    @Test
    void recordsOlderThanTheLimitGo() throws IOException {
        append(1_000, 1_000);
        append(2_000, 2_000);
        append(3_000, 3_000);
        assertThat(log.upkeep().expire(maxAge(1_000), 2_000, EVERYTHING)).isZero();
        assertThat(log.upkeep().expire(maxAge(1_000), 2_001, EVERYTHING)).isEqualTo(1);
        assertThat(log.logStartOffset()).isEqualTo(1);
        assertThat(TestBatches.values(log)).containsExactly("1", "2");
        assertThatThrownBy(() -> log.read(0, 100, 3)).isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void theActiveSegmentStays() throws IOException {
        append(1_000, 1_000);
        append(1_000, 1_000);
        assertThat(log.upkeep().expire(new RetentionLimits(0, 0), 1_000_000, EVERYTHING))
                .isEqualTo(1);
        assertThat(TestBatches.values(log)).containsExactly("1");
    }

    @Test
    void nothingAtOrAboveTheLimitGoes() throws IOException {
        append(1_000, 1_000);
        log.append(TestBatches.batch("1", "2"), 1, 1_000);
        append(1_000, 1_000);
        RetentionLimits nothing = new RetentionLimits(0, 0);
        assertThat(log.upkeep().expire(nothing, 1_000_000, 0)).isZero();
        assertThat(log.upkeep().expire(nothing, 1_000_000, 2)).isEqualTo(1);
        assertThat(log.upkeep().expire(nothing, 1_000_000, 3)).isEqualTo(3);
    }

    @Test
    void aSegmentIsAsOldAsItsLatestRecord() throws IOException {
        log.append(TestBatches.batch(Codec.NONE, List.of("0", "1"), List.of(9_000L, 1_000L)), 1, 9_000);
        append(9_500, 9_500);
        assertThat(log.upkeep().expire(maxAge(5_000), 14_000, EVERYTHING)).isZero();
        assertThat(log.upkeep().expire(maxAge(5_000), 14_001, EVERYTHING)).isEqualTo(2);
    }

    @Test
    void anOldSegmentBehindAYoungOneStays() throws IOException {
        append(9_000, 9_000);
        append(1_000, 9_000);
        append(9_000, 9_000);
        assertThat(log.upkeep().expire(maxAge(5_000), 10_000, EVERYTHING)).isZero();
        assertThat(log.upkeep().expire(maxAge(5_000), 15_000, EVERYTHING)).isEqualTo(2);
    }

    @Test
    void aTimestampAheadOfTheClockKeepsNothingForEver() throws IOException {
        append(Long.MAX_VALUE, 1_000);
        append(4_000_000, 2_000);
        append(3_000, 3_000);
        // Nothing in a segment can be later than the first append to the one behind it.
        assertThat(log.upkeep().expire(maxAge(1_000), 3_000, EVERYTHING)).isZero();
        assertThat(log.upkeep().expire(maxAge(1_000), 3_001, EVERYTHING)).isEqualTo(1);
        assertThat(log.upkeep().expire(maxAge(1_000), 4_001, EVERYTHING)).isEqualTo(2);
    }

    @Test
    void oldTimestampsBehindAYoungSegmentDoNotMakeItOld() throws IOException {
        append(9_000, 9_000);
        append(1_000, 9_000);
        disk.crash(Crash.PROCESS);
        open();
        append(9_000, 9_000);
        assertThat(log.upkeep().expire(maxAge(5_000), 10_000, EVERYTHING)).isZero();
    }

    @Test
    void aClockThatWasBehindDoesNotMakeASegmentOld() throws IOException {
        append(9_000, 9_000);
        append(9_100, 10);
        append(9_200, 20);
        assertThat(log.upkeep().expire(maxAge(5_000), 10_000, EVERYTHING)).isZero();
    }

    @Test
    void theBoundOnTimestampsAheadSurvivesARestart() throws IOException {
        append(Long.MAX_VALUE, 1_000);
        append(Long.MAX_VALUE, 2_000);
        directory.close();
        open();
        assertThat(log.rollIfDue(RetentionLimits.NONE, 2_000 + SEGMENT_MILLIS)).isTrue();
        directory.close();
        open();
        assertThat(log.upkeep().expire(maxAge(1_000), 2_001 + SEGMENT_MILLIS, EVERYTHING))
                .isEqualTo(1);
        assertThat(log.upkeep().expire(maxAge(1_000), 3_001 + SEGMENT_MILLIS, EVERYTHING))
                .isEqualTo(2);
    }

    @Test
    void recordsWithoutTimestampsAgeFromTheEndOfTheirSegment() throws IOException {
        append(-1, 1_000);
        append(-1, 2_000);
        assertThat(log.upkeep().expire(maxAge(1_000), 3_000, EVERYTHING)).isZero();
        assertThat(log.upkeep().expire(maxAge(1_000), 3_001, EVERYTHING)).isEqualTo(1);
    }

    @Test
    void theOldestGoUntilTheSizeIsWithinTheLimit() throws IOException {
        int bytes = append(1_000, 1_000);
        append(1_000, 1_000);
        append(1_000, 1_000);
        append(1_000, 1_000);
        assertThat(log.upkeep().expire(maxBytes(4 * bytes), 1_000, EVERYTHING)).isZero();
        // A log keeps at least what the limit says.
        assertThat(log.upkeep().expire(maxBytes(3 * bytes + 1), 1_000, EVERYTHING))
                .isZero();
        assertThat(log.upkeep().expire(maxBytes(3 * bytes), 1_000, EVERYTHING)).isEqualTo(1);
        assertThat(log.upkeep().expire(maxBytes(0), 1_000, EVERYTHING)).isEqualTo(3);
        assertThat(log.sizeInBytes()).isEqualTo(bytes);
    }

    @Test
    void withoutLimitsNothingGoes() throws IOException {
        append(0, 0);
        append(0, 0);
        assertThat(log.upkeep().expire(RetentionLimits.NONE, Long.MAX_VALUE, EVERYTHING))
                .isZero();
    }

    @Test
    void anIdleLogIsRolledByAgeSoThatItsRecordsCanGo() throws IOException {
        append(1_000, 1_000);
        assertThat(log.rollIfDue(RetentionLimits.NONE, 999 + SEGMENT_MILLIS)).isFalse();
        assertThat(log.rollIfDue(RetentionLimits.NONE, 1_000 + SEGMENT_MILLIS)).isTrue();
        // An empty segment is not rolled: there would be two of one name.
        assertThat(log.rollIfDue(RetentionLimits.NONE, 10 * SEGMENT_MILLIS)).isFalse();
        assertThat(log.segmentCount()).isEqualTo(2);
        assertThat(log.upkeep().expire(maxAge(5_000), 10 * SEGMENT_MILLIS, EVERYTHING))
                .isEqualTo(1);
        assertThat(log.logEndOffset()).isEqualTo(1);
        append(90_000, 90_000);
        assertThat(TestBatches.values(log)).containsExactly("1");
    }

    @Test
    void anIdleLogIsRolledWhenAllItsRecordsHaveExpired() throws IOException {
        append(1_000, 1_000);
        assertThat(log.rollIfDue(maxAge(500), 1_500)).isFalse();
        assertThat(log.rollIfDue(maxAge(500), 1_501)).isTrue();
        append(Long.MAX_VALUE, 2_000);
        assertThat(log.rollIfDue(maxAge(500), 2_500)).isFalse();
        assertThat(log.rollIfDue(maxAge(500), 2_501)).isTrue();
    }

    @Test
    void theAgeOfTheActiveSegmentSurvivesACrash() throws IOException {
        append(1_000, 1_000);
        log.force();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.rollIfDue(RetentionLimits.NONE, 999 + SEGMENT_MILLIS)).isFalse();
        assertThat(log.rollIfDue(RetentionLimits.NONE, 1_000 + SEGMENT_MILLIS)).isTrue();
    }

    @Test
    void afterACrashASegmentWithTimestampsAheadBeginsToAgeWhenItIsSeen() throws IOException {
        append(Long.MAX_VALUE, 1_000);
        log.force();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.rollIfDue(RetentionLimits.NONE, 50_000)).isFalse();
        assertThat(log.rollIfDue(RetentionLimits.NONE, 49_999 + SEGMENT_MILLIS)).isFalse();
        assertThat(log.rollIfDue(RetentionLimits.NONE, 50_000 + SEGMENT_MILLIS)).isTrue();
    }

    /** Kafka trusted a time index that a crash had left with entries of its own making, and deleted what was young. */
    @Test
    void noIndexMakesASegmentOlderOrYoungerThanItsRecords() throws IOException {
        for (int i = 0; i < 3; i++) {
            append(5_000, 5_000);
        }
        log.force();
        disk.crash(Crash.PROCESS);
        overwrite("00000000000000000000.timeindex", new byte[200]);
        overwrite("00000000000000000001.timeindex", new byte[0]);
        overwrite("00000000000000000001.index", new byte[64]);
        open();
        assertThat(log.upkeep().expire(maxAge(1_000), 6_000, EVERYTHING)).isZero();
        assertThat(log.upkeep().expire(maxAge(1_000), 6_001, EVERYTHING)).isEqualTo(2);
    }

    private void overwrite(String name, byte[] bytes) throws IOException {
        try (DiskFile file = disk.open(FOLDER.resolve(name))) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private int append(long timestamp, long now) throws IOException {
        String value = Long.toString(log.logEndOffset());
        return log.append(TestBatches.batch(Codec.NONE, timestamp, List.of(value)), 1, now)
                .sizeInBytes();
    }

    private static RetentionLimits maxAge(long millis) {
        return new RetentionLimits(millis, RetentionLimits.UNLIMITED);
    }

    private static RetentionLimits maxBytes(long bytes) {
        return new RetentionLimits(RetentionLimits.UNLIMITED, bytes);
    }
}

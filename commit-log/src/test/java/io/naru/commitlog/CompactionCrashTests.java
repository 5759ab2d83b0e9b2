package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.KeyedLog.Draft;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A crash at every step of a history in which a log is compacted three times, while it is appended to, forced, rolled and
 * deleted from, and at every step of recovering from a crash.
 */
class CompactionCrashTests {
    private static final LogConfig CONFIG = new LogConfig(420, Long.MAX_VALUE, 100);
    private static final int SMALL_BUFFER = 100;
    /** Fewer keys than there are: compaction takes several passes. */
    private static final int FEW_KEYS = 20 * 18;

    @ParameterizedTest
    @EnumSource(Crash.class)
    void everyKeysLatestRecordSurvivesACrashAtAnyStep(Crash how) throws IOException {
        int step = 1;
        while (crashAt(step, 0, how)) {
            step++;
        }
        assertThat(step).isGreaterThan(150);
    }

    /** Each step of the history meets many of recovery, and each of recovery many of the history. */
    @ParameterizedTest
    @EnumSource(Crash.class)
    void aSecondCrashDuringRecoveryDoesNoHarmEither(Crash how) throws IOException {
        int step = 1;
        while (crashAt(step, 1 + step % 23, how)) {
            step++;
        }
    }

    /** Answers whether the history was long enough for the crash. */
    private boolean crashAt(int step, int inRecovery, Crash how) throws IOException {
        FaultyDisk disk = new FaultyDisk(step * 31L + inRecovery);
        KeyedLog keyed = new KeyedLog(disk, CONFIG);
        disk.crashAt(step, how);
        try {
            history(keyed);
        } catch (IOException | UncheckedIOException e) {
            if (!disk.hasCrashed()) {
                throw e;
            }
        }
        boolean crashed = disk.hasCrashed();
        if (crashed) {
            disk.restart();
        } else {
            disk.crash(how);
        }
        if (inRecovery > 0) {
            disk.crashAt(inRecovery, how);
        }
        try {
            keyed.open();
        } catch (IOException e) {
            assertThat(disk.hasCrashed()).isTrue();
        }
        if (disk.hasCrashed()) {
            disk.restart();
            keyed.open();
        }
        disk.crashAt(Integer.MAX_VALUE, how);
        keyed.assertRecovered(how == Crash.POWER);
        goOn(keyed, disk, how);
        return crashed;
    }

    private static void history(KeyedLog keyed) throws IOException {
        write(keyed, 0, 30);
        keyed.force();
        keyed.compact(FEW_KEYS, SMALL_BUFFER, 100, meanwhile(keyed, 15, () -> {
            write(keyed, 30, 40);
            keyed.force();
        }));
        keyed.assertInOrder();
        write(keyed, 40, 55);
        keyed.force();
        keyed.compact(FEW_KEYS, SMALL_BUFFER, 200, meanwhile(keyed, 25, () -> {
            keyed.deleteBefore(9);
            keyed.log.upkeep().purge(1000, 0);
            keyed.directory.checkpoint();
        }));
        keyed.assertInOrder();
        write(keyed, 55, 70);
        keyed.force();
        long later = 300 + KeyedLog.DELETE_RETENTION;
        keyed.compact(1 << 16, SMALL_BUFFER, later, meanwhile(keyed, 10, () -> {
            RetentionLimits limits = new RetentionLimits(RetentionLimits.UNLIMITED, keyed.log.sizeInBytes() - 100);
            keyed.wantedStart = Math.max(keyed.wantedStart, keyed.log.logEndOffset());
            keyed.start = keyed.log.upkeep().expire(limits, later, keyed.log.forcedEndOffset());
            keyed.wantedStart = keyed.start;
            write(keyed, 70, 75);
        }));
        keyed.assertInOrder();
        keyed.log.upkeep().purge(later + 1000, 0);
        keyed.assertInOrder();
        keyed.force();
    }

    /** Twelve keys; each third record is a tombstone, and some come in compressed batches of two. */
    private static void write(KeyedLog keyed, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            String key = "key-" + (i * 7 + i / 5) % 23;
            String value = i % 3 == 0 ? null : "value " + i;
            if (i % 4 == 0) {
                keyed.append(Codec.LZ4, List.of(new Draft(key, value), new Draft("twin", "x".repeat(30) + i)));
            } else {
                keyed.append(Codec.NONE, new Draft(key, value));
            }
        }
    }

    /** What is appended, compacted and lost after a recovery is in order, too. */
    private static void goOn(KeyedLog keyed, FaultyDisk disk, Crash how) throws IOException {
        write(keyed, 100, 120);
        keyed.force();
        keyed.compact(1 << 16, SMALL_BUFFER, 10_000, () -> false);
        keyed.assertInOrder();
        write(keyed, 120, 130);
        keyed.force();
        keyed.compact(1 << 16, SMALL_BUFFER, 20_000, () -> false);
        keyed.assertInOrder();
        keyed.assertUndamaged();
        disk.crash(how);
        keyed.open();
        keyed.assertRecovered(how == Crash.POWER);
    }

    private interface Doing {
        void it() throws IOException;
    }

    /** Does something when the compaction has asked for the nth time whether to end: in the midst of reading. */
    private static BooleanSupplier meanwhile(KeyedLog keyed, int nth, Doing doing) {
        int[] asked = {0};
        return () -> {
            if (++asked[0] == nth) {
                try {
                    doing.it();
                    keyed.assertInOrder();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return false;
        };
    }
}

package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.runtime.ThreadLoop;
import io.naru.broker.runtime.Timers;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogAppend;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FlushScheduleTests {
    @TempDir
    private Path root;

    private final ThreadLoop loop = new ThreadLoop("owner");
    private final RungTimers timers = new RungTimers();
    private final List<Long> forced = new CopyOnWriteArrayList<>();
    private LogDirectory directory;
    private CommitLog log;
    private PartitionState state;
    private FlushSchedule schedule;

    /** Timers that ring when the test says so. */
    private static final class RungTimers implements Timers {
        final List<Duration> asked = new ArrayList<>();
        final List<Runnable> waiting = new CopyOnWriteArrayList<>();

        @Override
        public Timer after(Duration delay, Runnable task) {
            asked.add(delay);
            waiting.add(task);
            return () -> waiting.remove(task);
        }
    }

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(new FileSystemDisk(), root);
        log = directory.openLog("orders", settings(1, Long.MAX_VALUE).log());
        state = new PartitionState(0, true);
        var runtime = new PartitionRuntime(
                directory.groupCommit(), new ByteBudget(1 << 20), timers, InstantSource.system(), Runnable::run);
        schedule = new FlushSchedule(log, state, loop, runtime, new FlushSchedule.Outcome() {
            @Override
            public void forced(long end) {
                assertThat(loop.isCurrent()).isTrue();
                state.forced(end);
                forced.add(end);
            }

            @Override
            public void forceFailed(IOException cause) {
                throw new AssertionError(cause);
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
        loop.close();
    }

    private static TopicSettings settings(long forceEvery, long flushMillis) {
        return TopicSettings.of(
                Map.of("flush.messages", Long.toString(forceEvery), "flush.ms", Long.toString(flushMillis)), Map.of());
    }

    private void appendOne(TopicSettings settings) {
        onLoop(() -> {
            try {
                LogAppend written = log.append(batch(), 0, 1);
                state.appended(new Appended(written.baseOffset(), written.lastOffset(), -1));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            schedule.appended(settings);
        });
    }

    private static java.nio.ByteBuffer batch() {
        var builder = new RecordBatchBuilder(1000);
        assertThat(builder.tryAppend(1, new byte[1], 0, -1, new byte[1], 0, 1, RecordHeaders.NONE))
                .isTrue();
        return builder.build(Codec.NONE);
    }

    private void onLoop(Runnable task) {
        CompletableFuture.runAsync(task, loop).join();
    }

    @Test
    void forcesAsSoonAsSoManyRecordsAreNotOnDisk() {
        appendOne(settings(3, Long.MAX_VALUE));
        appendOne(settings(3, Long.MAX_VALUE));
        assertThat(log.forcedEndOffset()).isZero();
        appendOne(settings(3, Long.MAX_VALUE));
        await().until(() -> forced.equals(List.of(3L)));
        assertThat(timers.asked).isEmpty();
    }

    @Test
    void oneTimerRunsFromTheFirstRecordThatIsNotOnDisk() {
        appendOne(settings(100, 70));
        appendOne(settings(100, 70));
        assertThat(timers.asked).containsExactly(Duration.ofMillis(70));
        timers.waiting.removeFirst().run();
        await().until(() -> forced.equals(List.of(2L)));

        appendOne(settings(100, 70));
        assertThat(timers.asked).hasSize(2);
    }

    @Test
    void aTimerThatFindsAllOnDiskForcesNothing() {
        appendOne(settings(2, 70));
        appendOne(settings(2, 70));
        await().until(() -> forced.equals(List.of(2L)));
        timers.waiting.removeFirst().run();
        appendOne(settings(1, 70));
        await().until(() -> forced.contains(3L));
        assertThat(forced).containsExactly(2L, 3L);
    }

    @Test
    void aRestartForcesAndSaysSoEvenIfAllIsOnDisk() {
        appendOne(settings(1, 70));
        await().until(() -> forced.equals(List.of(1L)));
        onLoop(schedule::restart);
        await().until(() -> forced.equals(List.of(1L, 1L)));
    }

    @Test
    void whatWasStoppedDoesNotRing() {
        appendOne(settings(100, 70));
        onLoop(schedule::stop);
        assertThat(timers.waiting).isEmpty();
        assertThat(log.forcedEndOffset()).isZero();
    }

    @Test
    void aDelayBeyondAnyClockIsCutToOneATimerCanHold() {
        appendOne(settings(100, Long.MAX_VALUE - 1));
        assertThat(timers.asked).containsExactly(Duration.ofDays(365));
    }
}

package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads that are interrupted while they use a log harm neither it nor each other. */
@Timeout(60)
class InterruptTests {
    private static final LogConfig CONFIG = new LogConfig(4000, Long.MAX_VALUE, 200);
    private static final int BATCHES = 400;

    @TempDir
    private Path root;

    @Test
    void nobodyIsDisturbedByInterrupts() throws Exception {
        try (LogDirectory directory = LogDirectory.open(new FileSystemDisk(4), root)) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            var failures = new ConcurrentLinkedQueue<Throwable>();
            Thread writer = start(failures, () -> {
                for (int i = 0; i < BATCHES; i++) {
                    log.append(TestBatches.batch("value " + i), 1, 0);
                }
            });
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                others.add(start(failures, () -> {
                    while (log.forcedEndOffset() < BATCHES) {
                        log.force();
                    }
                }));
                others.add(start(failures, () -> {
                    while (log.logEndOffset() < BATCHES) {
                        TestBatches.read(log, 0, 1000);
                        log.offsetForTime(1000);
                    }
                }));
            }
            others.add(start(failures, () -> {
                while (log.forcedEndOffset() < BATCHES) {
                    directory.checkpoint();
                }
            }));
            while (writer.isAlive() || others.stream().anyMatch(Thread::isAlive)) {
                writer.interrupt();
                others.forEach(Thread::interrupt);
                Thread.onSpinWait();
            }
            assertThat(failures).isEmpty();
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            assertThat(TestBatches.values(log)).hasSize(BATCHES);
        }
        try (LogDirectory again = LogDirectory.open(new FileSystemDisk(), root)) {
            assertThat(again.startedClean()).isTrue();
            assertThat(TestBatches.values(again.openLog("orders/0", CONFIG))).hasSize(BATCHES);
        }
    }

    @Test
    void anInterruptedThreadOpensRecoversAndCloses() throws IOException {
        LogDirectory directory = LogDirectory.open(new FileSystemDisk(), root);
        directory.openLog("orders/0", CONFIG).append(TestBatches.batch("value"), 1, 0);
        Thread.currentThread().interrupt();
        directory.close();
        directory = LogDirectory.open(new FileSystemDisk(), root);
        directory.recoverAll(2);
        CommitLog log = directory.openLog("orders/0", CONFIG);
        CommitLog other = directory.openLog("orders/1", CONFIG);
        other.append(TestBatches.batch("value"), 1, 0);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(TestBatches.values(log)).containsExactly("value");
        directory.checkpoint();
        directory.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Thread start(ConcurrentLinkedQueue<Throwable> failures, Work work) {
        return Thread.ofPlatform()
                .uncaughtExceptionHandler((_, e) -> failures.add(e))
                .start(() -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}

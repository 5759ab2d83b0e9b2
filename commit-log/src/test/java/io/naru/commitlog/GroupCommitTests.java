package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.disk.FaultyDisk.Stall;
import io.naru.commitlog.disk.TooManyOpenFilesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupCommitTests {
    private static final LogConfig CONFIG = new LogConfig(1 << 20, Long.MAX_VALUE, 4096);

    private final FaultyDisk disk = new FaultyDisk(7);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(disk, Path.of("/data"));
        log = directory.openLog("orders/0", CONFIG);
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
    }

    @Test
    void tellsHowFarTheDiskIs() throws IOException {
        log.append(TestBatches.batch("a", "b"), 1, 0);
        assertThat(request(log).join()).isEqualTo(2);
        assertThat(log.forcedEndOffset()).isEqualTo(2);
    }

    @Test
    void whatComesDuringARoundIsForcedByTheNext() throws IOException {
        log.append(TestBatches.batch("a"), 1, 0);
        List<CompletableFuture<Long>> late = new ArrayList<>();
        CompletableFuture<Long> first;
        try (Stall stall = disk.stall(Operation.FORCE, 1)) {
            first = request(log);
            await().until(stall::isReached);
            for (int i = 0; i < 10; i++) {
                log.append(TestBatches.batch("b"), 1, 0);
                late.add(request(log));
            }
            assertThat(first).isNotDone();
            assertThat(log.forcedEndOffset()).isZero();
        }
        assertThat(first.join()).isEqualTo(1);
        // One force for all ten.
        assertThat(late).allSatisfy(request -> assertThat(request.join()).isEqualTo(11));
    }

    @Test
    void aForceNeverClaimsWhatWasAppendedAfterItBegan() throws IOException {
        log.append(TestBatches.batch("a"), 1, 0);
        CompletableFuture<Long> first;
        try (Stall stall = disk.stall(Operation.FORCE, 1)) {
            first = request(log);
            await().until(stall::isReached);
            log.append(TestBatches.batch("b"), 1, 0);
        }
        assertThat(first.join()).isEqualTo(1);
    }

    @Test
    void severalLogsAreForcedInOneRound() throws IOException {
        List<CompletableFuture<Long>> requests = new ArrayList<>();
        List<CommitLog> logs = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            logs.add(directory.openLog("orders/" + i, CONFIG));
            logs.getLast().append(TestBatches.batch("a"), 1, 0);
        }
        log.append(TestBatches.batch("a"), 1, 0);
        try (Stall stall = disk.stall(Operation.FORCE, 1)) {
            requests.add(request(log));
            await().until(stall::isReached);
            logs.forEach(each -> requests.add(request(each)));
        }
        assertThat(requests).allSatisfy(request -> assertThat(request.join()).isEqualTo(1));
    }

    @Test
    void aRoundForcesALogOnceHoweverManyWait() throws IOException {
        int before = disk.count(Operation.FORCE);
        List<CompletableFuture<Long>> requests = new ArrayList<>();
        log.append(TestBatches.batch("a"), 1, 0);
        try (Stall stall = disk.stall(Operation.FORCE, 1)) {
            requests.add(request(log));
            await().until(stall::isReached);
            for (int i = 0; i < 64; i++) {
                log.append(TestBatches.batch("b"), 1, 0);
                requests.add(request(log));
            }
        }
        requests.forEach(CompletableFuture::join);
        assertThat(disk.count(Operation.FORCE) - before).isEqualTo(2);
    }

    @Test
    void aLogThatHasNothingNewIsNotForced() throws IOException {
        log.append(TestBatches.batch("a"), 1, 0);
        assertThat(request(log).join()).isEqualTo(1);
        int before = disk.count(Operation.FORCE);
        assertThat(request(log).join()).isEqualTo(1);
        assertThat(disk.count(Operation.FORCE)).isEqualTo(before);
    }

    @Test
    void theLogsOfARoundAreForcedSideBySide() throws IOException {
        CommitLog second = directory.openLog("orders/1", CONFIG);
        CommitLog third = directory.openLog("orders/2", CONFIG);
        for (CommitLog each : List.of(log, second, third)) {
            each.append(TestBatches.batch("a"), 1, 0);
        }
        Stall next;
        List<CompletableFuture<Long>> round;
        try (Stall first = disk.stall(Operation.FORCE, 1)) {
            request(log);
            await().until(first::isReached);
            log.append(TestBatches.batch("b"), 1, 0);
            round = List.of(request(log), request(second), request(third));
            next = disk.stall(Operation.FORCE, 1);
        }
        // One of the round is held up; the others are answered all the same.
        await().until(next::isReached);
        await().until(() -> round.stream().filter(CompletableFuture::isDone).count() == 2);
        next.close();
        round.forEach(CompletableFuture::join);
    }

    @Test
    void nobodyWaitsForTheIndexesOfFinishedSegments() throws IOException {
        log.reconfigure(new LogConfig(1000, Long.MAX_VALUE, 100));
        log.append(TestBatches.batch("x".repeat(900)), 1, 0);
        log.append(TestBatches.batch("x".repeat(900)), 1, 0);
        assertThat(log.segmentCount()).isEqualTo(2);
        Path index = Path.of("/data/logs/orders/0/00000000000000000000.index");
        try (Stall stall = disk.stall(Operation.CREATE, 1)) {
            assertThat(request(log).join()).isEqualTo(2);
            await().until(stall::isReached);
            log.append(TestBatches.batch("a"), 1, 0);
            log.append(TestBatches.batch("a"), 1, 0);
            assertThat(request(log).join()).isEqualTo(4);
            assertThat(disk.kind(index)).isEqualTo(Disk.Kind.MISSING);
        }
        await().until(() -> disk.kind(index) == Disk.Kind.FILE);
    }

    @Test
    void aFailureIsToldToAllWhoWaitedAndToThemOnly() throws IOException {
        CommitLog other = directory.openLog("orders/1", CONFIG);
        log.append(TestBatches.batch("a"), 1, 0);
        other.append(TestBatches.batch("a"), 1, 0);
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(() -> request(log).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("Input/output error (injected into FORCE)");
        assertThat(request(other).join()).isEqualTo(1);
        assertThatThrownBy(() -> request(log).join()).hasCauseInstanceOf(LogFencedException.class);
    }

    @Test
    void whoWaitsIsToldWhenThereIsAFileToForceWith() throws IOException {
        log.append(TestBatches.batch("a"), 1, 0);
        disk.runOutOfFiles(Operation.FORCE, 3);
        assertThat(request(log).join()).isEqualTo(1);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
    }

    @Test
    void closingDoesNotWaitForAFile() throws IOException {
        log.append(TestBatches.batch("a"), 1, 0);
        disk.runOutOfFiles(Operation.FORCE, Integer.MAX_VALUE);
        CompletableFuture<Long> waiting = request(log);
        directory.close();
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(TooManyOpenFilesException.class);
        // The mark of a clean end cannot have been left.
        disk.crash(FaultyDisk.Crash.PROCESS);
        directory = LogDirectory.open(disk, Path.of("/data"));
        assertThat(directory.startedClean()).isFalse();
        assertThat(TestBatches.values(directory.openLog("orders/0", CONFIG))).containsExactly("a");
    }

    @Test
    void aListenerThatThrowsDoesNotStopTheRounds() throws IOException {
        log.append(TestBatches.batch("a"), 1, 0);
        directory.groupCommit().request(log, new ForceListener() {
            @Override
            public void forced(CommitLog which, long forcedEndOffset) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void failed(CommitLog which, IOException cause) {}
        });
        assertThat(request(log).join()).isEqualTo(1);
    }

    @Test
    void anErrorInAListenerIsNobodyElses() throws IOException {
        log.append(TestBatches.batch("a"), 1, 0);
        CommitLog other = directory.openLog("orders/1", CONFIG);
        other.append(TestBatches.batch("a"), 1, 0);
        List<String> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Long> before;
        CompletableFuture<Long> behind;
        CompletableFuture<Long> beside;
        try (Stall stall = disk.stall(Operation.FORCE, 1)) {
            before = request(other);
            await().until(stall::isReached);
            for (int i = 0; i < 2; i++) {
                directory.groupCommit().request(log, new ForceListener() {
                    @Override
                    public void forced(CommitLog which, long forcedEndOffset) {
                        told.add("forced");
                        throw new AssertionError("on purpose");
                    }

                    @Override
                    public void failed(CommitLog which, IOException cause) {
                        told.add("failed");
                        throw new AssertionError("on purpose");
                    }
                });
            }
            behind = request(log);
            beside = request(other);
        }
        assertThat(before.join()).isEqualTo(1);
        assertThat(behind.join()).isEqualTo(1);
        assertThat(beside.join()).isEqualTo(1);
        // Another round follows, and closing, after each test, does not wait for ever.
        assertThat(request(log).join()).isEqualTo(1);
        assertThat(told).containsExactly("forced", "forced");
    }

    @Test
    void closingAnswersWhoWaitsAndRefusesTheRest() throws Exception {
        log.append(TestBatches.batch("a"), 1, 0);
        Thread closing;
        CompletableFuture<Long> before;
        try (Stall stall = disk.stall(Operation.FORCE, 1)) {
            before = request(log);
            await().until(stall::isReached);
            closing = Thread.ofVirtual().start(() -> {
                try {
                    directory.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            await().until(() -> request(log).isCompletedExceptionally());
            assertThat(before).isNotDone();
        }
        closing.join();
        assertThat(before.join()).isEqualTo(1);
        assertThatThrownBy(() -> request(log).join()).hasCauseInstanceOf(LogClosedException.class);
    }

    private CompletableFuture<Long> request(CommitLog which) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        directory.groupCommit().request(which, new ForceListener() {
            @Override
            public void forced(CommitLog forced, long forcedEndOffset) {
                assertThat(forced).isSameAs(which);
                answer.complete(forcedEndOffset);
            }

            @Override
            public void failed(CommitLog failed, IOException cause) {
                answer.completeExceptionally(cause);
            }
        });
        return answer;
    }
}

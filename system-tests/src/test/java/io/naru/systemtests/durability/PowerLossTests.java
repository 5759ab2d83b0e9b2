package io.naru.systemtests.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.naru.systemtests.disk.LoopDisk;
import io.naru.systemtests.history.HistoryChecker;
import io.naru.systemtests.history.Violation;
import io.naru.systemtests.http.Api;
import io.naru.systemtests.process.RunningNaru;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk loses power in the midst of writing: what was acknowledged is there afterwards. Runs where the machine allows
 * a file system of our own, and says why where it does not. {@code -Dpower.rounds=50} makes a longer run of it.
 */
class PowerLossTests {
    private static final int ROUNDS = Integer.getInteger("power.rounds", 4);
    private static final int PARTITIONS = 2;
    private static final int A_ROUND = 100;

    @TempDir
    private Path temporary;

    @BeforeEach
    void aDiskOfOurOwnIsPossible() throws Exception {
        Optional<String> obstacle = LoopDisk.obstacle(Files.createDirectory(temporary.resolve("try")));
        obstacle.ifPresent(reason -> System.out.println("no power is cut on this machine: " + reason));
        assumeTrue(obstacle.isEmpty());
    }

    @Test
    void whatWasAcknowledgedIsThereAfterEachLossOfPower() throws Exception {
        try (LoopDisk disk = LoopDisk.create(temporary);
                RunningNaru naru = RunningNaru.start(disk.root(), "--set", "log.segment.bytes=262144");
                Api api = new Api(naru.url())) {
            api.createTopic("ledger", PARTITIONS);
            try (Load load = Load.start(naru, "ledger")) {
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitAcknowledgedByEach(A_ROUND);
                    losePower(load, disk, naru);
                    assertThat(violations(load, api)).isEmpty();
                    load.serverIsUp();
                }
                load.awaitAcknowledgedByEach(A_ROUND);
                load.endWriting();
                assertThat(violations(load, api)).isEmpty();
            }
        }
    }

    /** That this disk does lose something, and the checker sees it: else the test above would show nothing. */
    @Test
    void whatIsNotForcedIsLost() throws Exception {
        try (LoopDisk disk = LoopDisk.create(temporary);
                RunningNaru naru = RunningNaru.start(disk.root());
                Api api = new Api(naru.url())) {
            api.createTopic("ledger", PARTITIONS, "\"flush.messages\":1000000,\"flush.ms\":3600000");
            try (Load load = Load.start(naru, "ledger")) {
                load.awaitAcknowledgedByEach(A_ROUND);
                losePower(load, disk, naru);
                assertThat(violations(load, api)).isNotEmpty();
            }
        }
    }

    private static void losePower(Load load, LoopDisk disk, RunningNaru naru) throws Exception {
        load.serverEnds();
        // With the disk the whole machine stops: what it says from here on nobody hears. (A force that is under way
        // when the kernel shuts a file system down may even end well and have kept nothing.)
        load.history().hearNothing();
        disk.cutPower();
        naru.kill();
        disk.restorePower();
        naru.startAgain();
        load.history().hearAgain();
    }

    private static List<Violation> violations(Load load, Api api) throws Exception {
        return HistoryChecker.check(
                load.history().attempted(), load.history().acknowledged(), api.readAll("ledger", PARTITIONS));
    }
}

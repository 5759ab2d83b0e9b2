package io.naru.coordinator.quorum;

import static io.naru.coordinator.quorum.QuorumFixture.fact;
import static io.naru.coordinator.quorum.QuorumFixture.snapshotsIn;
import static io.naru.coordinator.quorum.QuorumFixture.startAlone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.Basis;
import io.naru.coordinator.decider.MetadataEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quorum of one on a real Ratis and real files. */
class RatisQuorumTests {
    @TempDir
    private Path folder;

    @Test
    void whatWasAppliedIsThereAfterACrashFromTheLogAlone() throws Exception {
        Basis before;
        Path crashed;
        try (var voter = startAlone(folder.resolve("a"))) {
            for (int i = 1; i <= 20; i++) {
                voter.append(i);
            }
            before = voter.quorum.basis();
            crashed = voter.copyOf(folder.resolve("a"), folder.resolve("b"));
        }
        assertThat(snapshotsIn(crashed)).isEmpty();

        try (var voter = startAlone(crashed)) {
            assertThat(voter.quorum.basis()).isEqualTo(before);
            assertThat(voter.restored).isNull();
        }
    }

    @Test
    void whatWasAppliedIsThereAfterACrashFromSnapshotAndLog() throws Exception {
        Basis before;
        Path crashed;
        try (var voter = startAlone(folder.resolve("a"))) {
            voter.append(1);
            voter.append(2);
            voter.snapshot();
            voter.append(3);
            before = voter.quorum.basis();
            crashed = voter.copyOf(folder.resolve("a"), folder.resolve("b"));
        }
        assertThat(snapshotsIn(crashed)).hasSize(1);

        try (var voter = startAlone(crashed)) {
            assertThat(voter.quorum.basis()).isEqualTo(before);
            assertThat(voter.restored.version()).isEqualTo(2);
        }
    }

    @Test
    void anOrderlyEndLeavesASnapshotOfEverything() throws Exception {
        Basis before;
        try (var voter = startAlone(folder)) {
            voter.append(1);
            before = voter.quorum.basis();
        }

        try (var voter = startAlone(folder)) {
            assertThat(voter.restored).isEqualTo(before.image());
            voter.append(2);
            assertThat(voter.quorum.image().version()).isEqualTo(2);
        }
    }

    @Test
    void itGoesOnThroughManyRestarts() {
        for (int i = 1; i <= 5; i++) {
            try (var voter = startAlone(folder)) {
                assertThat(voter.quorum.image().version()).isEqualTo(i - 1);
                voter.append(i);
            }
        }
    }

    @Test
    void aTornSnapshotIsLaidAsideAndTheOlderOneUsed() throws Exception {
        Basis before;
        Path crashed;
        try (var voter = startAlone(folder.resolve("a"))) {
            voter.append(1);
            voter.snapshot();
            voter.append(2);
            voter.snapshot();
            voter.append(3);
            before = voter.quorum.basis();
            crashed = voter.copyOf(folder.resolve("a"), folder.resolve("b"));
        }
        Path newest = snapshotsIn(crashed).getFirst();
        truncate(newest, Files.size(newest) / 2);

        try (var voter = startAlone(crashed)) {
            assertThat(voter.quorum.basis()).isEqualTo(before);
            assertThat(voter.restored.version()).isEqualTo(1);
        }
        assertThat(newest.resolveSibling(newest.getFileName() + ".unreadable")).exists();
    }

    @Test
    void aFlippedBitInASnapshotIsFound() throws Exception {
        Path crashed;
        Basis before;
        try (var voter = startAlone(folder.resolve("a"))) {
            voter.append(1);
            voter.snapshot();
            before = voter.quorum.basis();
            crashed = voter.copyOf(folder.resolve("a"), folder.resolve("b"));
        }
        try (var file = new RandomAccessFile(snapshotsIn(crashed).getFirst().toFile(), "rw")) {
            file.seek(30);
            int old = file.read();
            file.seek(30);
            file.write(old ^ 4);
        }

        try (var voter = startAlone(crashed)) {
            assertThat(voter.quorum.basis()).isEqualTo(before);
            assertThat(voter.restored).isNull();
        }
    }

    @Test
    void withNeitherSnapshotNorLogItRefusesToStartFromNothing() throws Exception {
        try (var voter = startAlone(folder)) {
            voter.append(1);
        }
        Path snapshot = snapshotsIn(folder).getFirst();
        truncate(snapshot, 10);
        deleteLogsIn(folder);

        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThatExceptionOfType(UnreadableMetadataException.class)
                    .isThrownBy(() -> startAlone(folder))
                    .withMessageContaining("Restore the coordinator's data directory");
        }
    }

    @Test
    void withoutItsMarkALogIsNotClearedAway() throws Exception {
        try (var voter = startAlone(folder)) {
            voter.append(1);
        }
        Path mark = find(folder, "raft-meta");
        Files.delete(mark);

        assertThatExceptionOfType(UnreadableMetadataException.class)
                .isThrownBy(() -> startAlone(folder))
                .withMessageContaining("raft-meta");
        assertThat(snapshotsIn(folder)).isNotEmpty();
    }

    @Test
    void aDirectoryWhoseMakingWasCutShortIsMadeAnew() throws Exception {
        try (var voter = startAlone(folder.resolve("a"))) {
            voter.append(1);
        }
        Path group = find(folder.resolve("a"), "raft-meta").getParent().getParent();
        Path same = folder.resolve("b/quorum").resolve(group.getFileName());
        Files.createDirectories(same.resolve("current"));

        try (var voter = startAlone(folder.resolve("b"))) {
            voter.append(1);
        }
    }

    @Test
    void anEntryDecidedOnSomethingElseIsPassedOver() {
        try (var voter = startAlone(folder)) {
            Basis empty = voter.quorum.basis();
            var entry = MetadataEntry.on(empty, List.of(fact(1)));
            var rival = MetadataEntry.on(empty, List.of(fact(2)));
            var behindRival = MetadataEntry.on(empty.after(rival.records()), List.of(fact(3)));

            assertThat(voter.outcome(entry)).isEqualTo(new AppendOutcome.Applied(1));
            Basis applied = voter.quorum.basis();
            assertThat(voter.outcome(entry)).isEqualTo(new AppendOutcome.Mismatched(1));
            assertThat(voter.outcome(rival)).isEqualTo(new AppendOutcome.Mismatched(1));
            assertThat(voter.outcome(behindRival)).isEqualTo(new AppendOutcome.Mismatched(1));
            assertThat(voter.quorum.basis()).isSameAs(applied);
        }
        try (var voter = startAlone(folder)) {
            assertThat(voter.quorum.image().version()).isEqualTo(1);
        }
    }

    @Test
    void entriesOnTheirWayKeepTheirOrder() throws Exception {
        try (var voter = startAlone(folder)) {
            var outcomes = new ArrayList<CompletableFuture<AppendOutcome>>();
            Basis speculative = voter.quorum.basis();
            for (int i = 1; i <= 500; i++) {
                var entry = MetadataEntry.on(speculative, List.of(fact(i)));
                speculative = speculative.after(entry.records());
                outcomes.add(voter.quorum.append(entry));
            }
            for (int i = 0; i < outcomes.size(); i++) {
                assertThat(outcomes.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(new AppendOutcome.Applied(i + 1));
            }
            assertThat(voter.quorum.basis()).isEqualTo(speculative);
        }
    }

    @Test
    void aLeaderCanConfirmThatItLeads() throws Exception {
        try (var voter = startAlone(folder)) {
            voter.append(1);

            assertThat(voter.quorum.confirm(voter.term).get(60, TimeUnit.SECONDS))
                    .isEqualTo(new AppendOutcome.Applied(1));
            assertThat(voter.quorum.confirm(voter.term - 1).get(60, TimeUnit.SECONDS))
                    .isInstanceOf(AppendOutcome.Refused.class);
            assertThat(voter.quorum.view().leader()).isEqualTo("1");
            assertThat(voter.quorum.view().members()).singleElement().satisfies(member -> {
                assertThat(member.role()).isEqualTo("leader");
                assertThat(member.lag()).isZero();
            });
        }
    }

    @Test
    void beforeItStartsNothingIsTaken() throws Exception {
        var voter = new QuorumFixture(QuorumFixture.alone(folder));
        var entry = MetadataEntry.on(voter.quorum.basis(), List.of(fact(1)));

        assertThat(voter.outcome(entry)).isInstanceOf(AppendOutcome.Refused.class);
        assertThat(voter.quorum.confirm(1).get(60, TimeUnit.SECONDS)).isInstanceOf(AppendOutcome.Refused.class);
        assertThat(voter.quorum.view().leader()).isNull();
        voter.close();
    }

    @Test
    void afterItsEndNothingIsApplied() {
        var voter = startAlone(folder);
        voter.append(1);
        voter.close();

        assertThat(voter.outcome(MetadataEntry.on(voter.quorum.basis(), List.of(fact(2)))))
                .isInstanceOfAny(AppendOutcome.Unknown.class, AppendOutcome.Refused.class);
        assertThat(voter.quorum.failure()).isNotNull();
    }

    @Test
    void oneDirectoryHasOneProcess() {
        try (var _ = startAlone(folder)) {
            assertThatExceptionOfType(DirectoryException.class)
                    .isThrownBy(() -> startAlone(folder))
                    .withMessageContaining("in use");
        }
        startAlone(folder).close();
    }

    @Test
    void anotherCoordinatorsDirectoryIsRefused() {
        startAlone(folder).close();
        var second = QuorumFixture.settings(folder, 2, List.of(new QuorumSettings.Voter(2, "127.0.0.1", 1)));

        assertThatExceptionOfType(DirectoryException.class)
                .isThrownBy(() -> new QuorumFixture(second).start())
                .withMessageContaining("another coordinator");
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        startAlone(folder).close();
        Files.writeString(folder.resolve("format"), "naru-coordinator 2 id 1\n");

        assertThatExceptionOfType(DirectoryException.class)
                .isThrownBy(() -> startAlone(folder))
                .withMessageContaining("newer version");
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatExceptionOfType(DirectoryException.class)
                .isThrownBy(() -> startAlone(file.resolve("below")))
                .withMessageContaining("cannot be written");
    }

    private static void truncate(Path file, long size) throws IOException {
        try (var opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(size);
        }
    }

    private static void deleteLogsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("log_"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path find(Path directory, String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}

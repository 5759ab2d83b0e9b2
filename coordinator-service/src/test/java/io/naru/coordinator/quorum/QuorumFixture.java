package io.naru.coordinator.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.coordinator.decider.AppendOutcome;
import io.naru.coordinator.decider.MetadataEntry;
import io.naru.coordinator.decider.QuorumListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One voter on a real Ratis, and what it told its listener. */
final class QuorumFixture implements AutoCloseable {
    final RatisQuorum quorum;
    volatile boolean leading;
    volatile long term;
    volatile ClusterImage restored;

    QuorumFixture(QuorumSettings settings) {
        quorum = new RatisQuorum(settings, new QuorumListener() {
            @Override
            public void leading(long term, ClusterImage image) {
                QuorumFixture.this.term = term;
                leading = true;
            }

            @Override
            public void notLeading() {
                leading = false;
            }

            @Override
            public void restored(ClusterImage image) {
                restored = image;
            }
        });
    }

    /** Alone in its quorum, and leading. */
    static QuorumFixture startAlone(Path directory) {
        return new QuorumFixture(alone(directory)).start().awaitLeading();
    }

    static QuorumSettings alone(Path directory) {
        return settings(directory, 1, List.of(new QuorumSettings.Voter(1, "127.0.0.1", 1)));
    }

    static QuorumSettings settings(Path directory, int id, List<QuorumSettings.Voter> voters) {
        return new QuorumSettings(
                id, directory, voters, Duration.ofMillis(300), Duration.ofMillis(600), 10_000, Duration.ofHours(1));
    }

    QuorumFixture start() {
        quorum.start();
        return this;
    }

    QuorumFixture awaitLeading() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> leading);
        return this;
    }

    /** A fact that makes every image different from the one before. */
    static MetadataRecord fact(int id) {
        return new MetadataRecord.BrokerRegistered(id, new UUID(1, id), id, new UUID(2, id), "http://b" + id, null);
    }

    /** Appends a fact on what is applied now and waits until it is applied too. */
    void append(int id) {
        assertThat(outcome(MetadataEntry.on(quorum.basis(), List.of(fact(id)))))
                .isInstanceOf(AppendOutcome.Applied.class);
    }

    AppendOutcome outcome(MetadataEntry entry) {
        try {
            return quorum.append(entry).get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    void snapshot() throws Exception {
        quorum.snapshot().get(60, TimeUnit.SECONDS);
    }

    /** The directory as a crash at this moment would leave it: nothing is closed in order. */
    Path copyOf(Path directory, Path target) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(directory.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Snapshot files in a data directory, newest first. */
    static List<Path> snapshotsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                    .sorted((a, b) -> Long.compare(index(b), index(a)))
                    .toList();
        }
    }

    private static long index(Path snapshot) {
        String name = snapshot.getFileName().toString();
        return Long.parseLong(name.substring(name.indexOf('_') + 1));
    }

    @Override
    public void close() {
        quorum.close();
    }
}

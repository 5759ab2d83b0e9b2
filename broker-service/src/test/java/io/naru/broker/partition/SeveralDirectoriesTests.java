package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.runtime.ThreadTimers;
import io.naru.broker.testing.Batches;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogDirectories;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.SplitDisk;
import io.naru.commitlog.producer.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker with its data on several disks, of which one fails. */
@Timeout(60)
class SeveralDirectoriesTests {
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");
    private static final int PARTITIONS = 6;
    private static final TopicId ORDERS = new TopicId(UUID.randomUUID());

    private final Map<Path, FaultyDisk> disks = Map.of(A, new FaultyDisk(1), B, new FaultyDisk(2));
    private final ThreadTimers timers = new ThreadTimers();
    private LocalPartitions partitions;
    private LogDirectories directories;
    private PartitionHost host;
    private ClusterImage image = ClusterImage.EMPTY;

    @BeforeEach
    void start() throws IOException {
        partitions = new LocalPartitions();
        directories = LogDirectories.open(new SplitDisk(disks), List.of(A, B), 0, ProducerLimits.DEFAULT);
        host = new PartitionHost(
                new PartitionHost.Settings(1, 2, 1 << 20, Duration.ofMinutes(5), Map.of()),
                directories,
                partitions,
                timers,
                Clock.systemUTC());
        if (image.version() == 0) {
            List<MetadataRecord> records = new ArrayList<>();
            records.add(new MetadataRecord.TopicCreated(ORDERS, "orders", Map.of()));
            for (int i = 0; i < PARTITIONS; i++) {
                records.add(new MetadataRecord.PartitionCreated(ORDERS, i, List.of(1), List.of(1), 1, 0));
            }
            image = image.apply(records, 1);
        }
        host.apply(image);
    }

    @AfterEach
    void stop() {
        host.close();
        directories.close();
        timers.close();
    }

    @Test
    void partitionsAreSpreadAndFoundAgain() throws IOException {
        for (int i = 0; i < PARTITIONS; i++) {
            Batches.append(partitions.partition("orders", i), "value");
        }
        assertThat(disks.get(A).list(A.resolve("logs/orders"))).hasSize(3);
        assertThat(disks.get(B).list(B.resolve("logs/orders"))).hasSize(3);
        restart();
        assertThat(readable()).hasSize(PARTITIONS);
        assertThat(directories.startedClean()).isTrue();
    }

    @Test
    void oneDiskThatFailsTakesOnlyItsPartitionsOut() {
        for (int i = 0; i < PARTITIONS; i++) {
            Batches.append(partitions.partition("orders", i), "value");
        }
        disks.get(B).crashAt(1, Crash.PROCESS);
        int failed = 0;
        for (int i = 0; i < PARTITIONS; i++) {
            Partition partition = partitions.partition("orders", i);
            try {
                Batches.append(partition, "more");
            } catch (CompletionException e) {
                assertThat(((NaruException) e.getCause()).code()).isEqualTo(ErrorCode.STORAGE_FAILED);
                failed++;
            }
        }
        assertThat(failed).isEqualTo(3);
    }

    @Test
    void partitionsOfADiskThatIsMissingAreOfflineAndSaySo() throws IOException {
        for (int i = 0; i < PARTITIONS; i++) {
            Batches.append(partitions.partition("orders", i), "value");
        }
        host.close();
        directories.close();
        disks.get(B).crashAt(1, Crash.PROCESS);
        assertThatThrownBy(() -> disks.get(B).createDirectories(B)).isInstanceOf(IOException.class);
        start();
        List<Integer> readable = readable();
        assertThat(readable).hasSize(3);
        for (int i = 0; i < PARTITIONS; i++) {
            if (!readable.contains(i)) {
                int away = i;
                assertThatThrownBy(() -> partitions.partition("orders", away))
                        .isInstanceOfSatisfying(
                                NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                        .hasMessageContaining("/b");
            }
        }
        // What changes of the topic later makes none of them new.
        apply(new MetadataRecord.TopicConfigChanged(ORDERS, "segment.ms", "100000"));
        assertThat(readable()).isEqualTo(readable);
        // A partition that has just come into being can be nowhere else.
        apply(new MetadataRecord.PartitionCreated(ORDERS, PARTITIONS, List.of(1), List.of(1), 1, 0));
        Batches.append(partitions.partition("orders", PARTITIONS), "value");

        disks.get(B).restart();
        restart();
        assertThat(readable()).hasSize(PARTITIONS + 1);
    }

    private void restart() throws IOException {
        host.close();
        directories.close();
        start();
    }

    private void apply(MetadataRecord... records) {
        image = image.apply(List.of(records), image.version() + 1);
        host.apply(image);
    }

    private List<Integer> readable() throws IOException {
        List<Integer> readable = new ArrayList<>();
        for (int i = 0; i < image.topic("orders").partitions().size(); i++) {
            try {
                if (!partitions.partition("orders", i).read(0, 1000).isEmpty()) {
                    readable.add(i);
                }
            } catch (NaruException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
            }
        }
        return readable;
    }
}

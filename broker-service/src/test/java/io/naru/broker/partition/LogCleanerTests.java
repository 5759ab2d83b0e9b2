package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.runtime.ThreadTimers;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.compaction.IoThrottle;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The logs of several partitions, on a real disk, compacted by themselves. */
@Timeout(60)
class LogCleanerTests {
    private static final TopicId PRICES = new TopicId(UUID.randomUUID());
    private static final LogCleaner.Settings SETTINGS =
            new LogCleaner.Settings(2, IoThrottle.UNLIMITED, 1 << 20, 1 << 16, Duration.ofMillis(20));

    @TempDir
    private Path root;

    private final ThreadTimers timers = new ThreadTimers();
    private LocalPartitions partitions = new LocalPartitions();
    private LogDirectory directory;
    private PartitionHost host;

    @BeforeEach
    void start() throws IOException {
        start(Map.of("segment.bytes", "16384"));
    }

    private void start(Map<String, String> configs) throws IOException {
        directory = LogDirectory.open(new FileSystemDisk(), root);
        partitions = new LocalPartitions();
        host = new PartitionHost(
                new PartitionHost.Settings(1, 1, 64 << 20, Duration.ofHours(1), SETTINGS, Map.of()),
                directory,
                partitions,
                timers,
                InstantSource.system());
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new MetadataRecord.TopicCreated(PRICES, "prices", configs));
        for (int partition = 0; partition < 3; partition++) {
            records.add(new MetadataRecord.PartitionCreated(PRICES, partition, List.of(1), List.of(1), 1, 0));
        }
        host.apply(ClusterImage.EMPTY.apply(records, 1));
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        directory.close();
    }

    @Test
    void everyPartitionIsCompactedAndOneThatIsDamagedIsSetAside() throws Exception {
        for (int partition = 0; partition < 3; partition++) {
            fill(partition);
        }
        stop();
        damage(1);
        start(Map.of("segment.bytes", "16384", "cleanup.policy", "compact"));

        await().untilAsserted(() -> {
            assertThat(log(0).sizeInBytes()).isLessThan(40_000);
            assertThat(log(2).sizeInBytes()).isLessThan(40_000);
            assertThat(host.cleaner().uncleanable()).containsOnlyKeys("prices/1");
        });
        assertThat(host.cleaner().uncleanable().get("prices/1")).contains("CRC-32C");
        assertThat(host.cleaner().bytesCleaned()).isPositive();
        assertThat(host.cleaner().maxDirtyPercent()).isEqualTo(100);
        assertThat(host.cleaner().millisSinceLastRun()).isNotNegative();
        // What was appended since is compacted, too.
        fill(0);
        await().untilAsserted(() -> assertThat(log(0).sizeInBytes()).isLessThan(40_000));
    }

    @Test
    void topicsThatAreNotToBeCompactedAreNot() throws Exception {
        fill(0);
        long size = log(0).sizeInBytes();
        await().until(() -> host.cleaner().millisSinceLastRun() < 1000);
        assertThat(log(0).sizeInBytes()).isEqualTo(size);
        assertThat(host.cleaner().maxDirtyPercent()).isZero();
    }

    private LocalPartition log(int partition) {
        return (LocalPartition) partitions.partition("prices", partition);
    }

    private void fill(int partition) throws Exception {
        for (int batch = 0; batch < 100; batch++) {
            var builder = new RecordBatchBuilder(1 << 20);
            for (int i = 0; i < 10; i++) {
                byte[] key = {(byte) i};
                builder.tryAppend(1_700_000_000_000L, key, 0, 1, new byte[200], 0, 200, RecordHeaders.NONE);
            }
            log(partition)
                    .append(builder.build(Codec.NONE), Acks.ALL)
                    .toCompletableFuture()
                    .get();
        }
    }

    /** Changes one byte of the first record of a log. */
    private void damage(int partition) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            Path segment = files.filter(
                            file -> file.getParent().getFileName().toString().startsWith(partition + "-"))
                    .filter(file -> file.getFileName().toString().equals("0".repeat(20) + ".log"))
                    .findFirst()
                    .orElseThrow();
            try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {77}), 100);
            }
        }
    }
}

package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.runtime.ThreadTimers;
import io.naru.broker.testing.Batches;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicId;
import io.naru.commitlog.Heap;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Thousands of partitions on one broker: what each costs while nobody uses it. */
@Timeout(300)
class ManyPartitionsTests {
    private static final TopicId ORDERS = new TopicId(UUID.randomUUID());
    private static final int PARTITIONS = 2000;
    private static final int OPEN_FILES = 64;
    private static final long MOST_BYTES = 8192;

    /** In memory where the system has a place for that: what a force takes is not what this is about. */
    @TempDir(factory = InMemory.class)
    private Path root;

    private final FileSystemDisk files = new FileSystemDisk(OPEN_FILES);
    private final ThreadTimers timers = new ThreadTimers();
    private final LocalPartitions partitions = new LocalPartitions();

    @Test
    void anIdlePartitionTakesAtMostEightKibibytes() throws IOException {
        ClusterImage image = image();
        LogDirectory directory = LogDirectory.open(files, root);
        PartitionHost host = new PartitionHost(
                new PartitionHost.Settings(1, 2, 64 << 20, Duration.ofHours(1), Map.of()),
                directory,
                partitions,
                timers,
                Clock.systemUTC());
        long before = Heap.live().bytes();
        host.apply(image);
        assertCheap("opened", before);
        writeToAll();
        // They come to rest.
        directory.checkpoint();
        directory.checkpoint();
        assertCheap("written to", before);
        for (int i = 0; i < PARTITIONS; i++) {
            assertThat(partitions.partition("orders", i).read(0, 1000).readBytes())
                    .isNotEmpty();
        }
        assertCheap("read", before);
        assertThat(files.openFiles()).isLessThanOrEqualTo(OPEN_FILES);
        host.close();
        directory.close();
        timers.close();
    }

    private void writeToAll() {
        List<CompletionStage<?>> appends = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            appends.add(partitions
                    .partition("orders", i)
                    .append(Batches.batch(Codec.NONE, List.of(Batches.Entry.of("key", "x".repeat(12_000)))), Acks.ALL));
        }
        CompletableFuture.allOf(appends.stream()
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private static void assertCheap(String what, long before) {
        Heap.Histogram after = Heap.live();
        assertThat((after.bytes() - before) / PARTITIONS)
                .as(() -> "bytes for each partition that was " + what + "; the heap then:\n" + after.top())
                .isBetween(200L, MOST_BYTES);
    }

    private static ClusterImage image() {
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new MetadataRecord.TopicCreated(ORDERS, "orders", Map.of()));
        for (int i = 0; i < PARTITIONS; i++) {
            records.add(new MetadataRecord.PartitionCreated(ORDERS, i, List.of(1), List.of(1), 1, 0));
        }
        return ClusterImage.EMPTY.apply(records, 1);
    }

    static final class InMemory implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "naru-test-")
                    : Files.createTempDirectory("naru-test-");
        }
    }
}

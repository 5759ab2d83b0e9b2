package io.naru.benchmarks.log;

import io.naru.broker.partition.Acks;
import io.naru.broker.partition.LocalPartitions;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.PartitionHost;
import io.naru.broker.runtime.ThreadTimers;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Writers of one partition who each wait until their batch is safe on disk before they send the next, beside one writer who
 * writes as much for all of them to a bare file and forces it once. An operation is as many batches as there are writers
 * times {@value #EACH}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class GroupCommitBenchmark {
    private static final int WRITERS = 64;
    private static final int EACH = 20;
    private static final TopicId ORDERS = new TopicId(UUID.randomUUID());

    /** Of each append. */
    @Param({"1024", "16384"})
    private int batchBytes;

    private final ThreadTimers timers = new ThreadTimers();
    private Path root;
    private LogDirectory directory;
    private PartitionHost host;
    private Partition partition;
    private List<ByteBuffer> batches;
    private ByteBuffer bareBatch;
    private FileChannel bare;
    private long position;

    /** Opens a partition with the default configs, which wait for the disk, and a bare file. */
    @Setup
    public void open() throws IOException {
        root = LogFolder.newFolder();
        directory = LogDirectory.open(new FileSystemDisk(), root.resolve("logs"));
        var partitions = new LocalPartitions();
        host = new PartitionHost(
                new PartitionHost.Settings(1, 1, 1 << 30, Duration.ofHours(1), Map.of()),
                directory,
                partitions,
                timers,
                Clock.systemUTC());
        host.apply(ClusterImage.EMPTY.apply(
                List.of(
                        new MetadataRecord.TopicCreated(ORDERS, "orders", Map.of()),
                        new MetadataRecord.PartitionCreated(ORDERS, 0, List.of(1), List.of(1), 1, 0)),
                1));
        partition = partitions.partition("orders", 0);
        ByteBuffer batch = SampleRecords.batch(batchBytes);
        batches = IntStream.range(0, WRITERS)
                .mapToObj(_ -> ByteBuffer.allocate(batch.capacity())
                        .put(batch.duplicate().clear())
                        .flip())
                .toList();
        bareBatch = SampleRecords.direct(batch);
        bare = FileChannel.open(root.resolve("bare"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Many writers, each batch acknowledged. */
    @Benchmark
    public long writers(Amount amount) throws InterruptedException {
        Thread[] writers = new Thread[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            ByteBuffer batch = batches.get(i);
            writers[i] = Thread.ofVirtual().start(() -> {
                for (int j = 0; j < EACH; j++) {
                    partition
                            .append(batch.clear(), Acks.ALL)
                            .toCompletableFuture()
                            .join();
                }
            });
        }
        for (Thread writer : writers) {
            writer.join();
        }
        amount.bytes += (long) WRITERS * EACH * batches.getFirst().capacity();
        return partition.highWatermark();
    }

    /** The limit: as many bytes by one writer, forced once a group. */
    @Benchmark
    public long bareFile(Amount amount) throws IOException {
        for (int j = 0; j < EACH; j++) {
            for (int i = 0; i < WRITERS; i++) {
                position += bare.write(bareBatch.clear(), position);
            }
            bare.force(false);
        }
        amount.bytes += (long) WRITERS * EACH * bareBatch.capacity();
        return position;
    }

    /** Removes everything. */
    @TearDown
    public void close() throws IOException {
        bare.close();
        host.close();
        directory.close();
        timers.close();
        LogFolder.delete(root);
    }
}

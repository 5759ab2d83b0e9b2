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
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.disk.FaultyDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users of a partition meet while its disk fails. */
@Timeout(60)
class StorageFaultTests {
    private static final int FLOOR = 4096;
    private static final TopicId ORDERS = new TopicId(UUID.randomUUID());

    private final FaultyDisk disk = new FaultyDisk(5);
    private final ThreadTimers timers = new ThreadTimers();
    private final LocalPartitions partitions = new LocalPartitions();
    private LogDirectory directory;
    private PartitionHost host;

    @BeforeEach
    void start() throws IOException {
        directory = LogDirectory.open(disk, Path.of("/data"), FLOOR);
        host = new PartitionHost(
                new PartitionHost.Settings(1, 1, 1 << 20, Duration.ofHours(1), Map.of()),
                directory,
                partitions,
                timers,
                Clock.systemUTC());
        host.apply(ClusterImage.EMPTY.apply(
                List.of(
                        new MetadataRecord.TopicCreated(ORDERS, "orders", Map.of()),
                        new MetadataRecord.PartitionCreated(ORDERS, 0, List.of(1), List.of(1), 1, 0)),
                1));
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        directory.close();
        timers.close();
    }

    @Test
    void aDiskBelowItsFloorRefusesWritesAndServesReadsUntilThereIsRoom() throws IOException {
        Partition orders = partitions.partition("orders", 0);
        Batches.append(orders, "before");
        disk.limit(disk.usedBytes() + FLOOR);
        assertThat(directory.space().space().usableBytes()).isEqualTo(FLOOR);
        assertThatThrownBy(() -> Batches.append(orders, "refused"))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(NaruException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FULL);
                    assertThat(refused.detail()).contains("orders/0", "nothing was stored", "kept free");
                });
        assertThat(orders.read(0, 1000).isEmpty()).isFalse();
        disk.limit(Long.MAX_VALUE);
        assertThat(Batches.append(orders, "after")).isEqualTo(1);
    }
}

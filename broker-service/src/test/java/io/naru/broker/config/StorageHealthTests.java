package io.naru.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.naru.broker.testing.Batches;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogConfig;
import io.naru.commitlog.LogDirectories;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.LogFullException;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.SplitDisk;
import io.naru.commitlog.producer.ProducerLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class StorageHealthTests {
    private static final int FLOOR = 1000;
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);

    private final FaultyDisk disk = new FaultyDisk(1);

    @Test
    void saysWhenWritesAreRefusedForWantOfRoomAndWhenNoMore() throws IOException {
        LogDirectory directory = LogDirectory.open(disk, Path.of("/data"), FLOOR);
        CommitLog log = directory.openLog("orders/0", CONFIG);
        var health = new StorageHealth(LogDirectories.of(directory));
        var registry = new SimpleMeterRegistry();
        new StorageMetrics(LogDirectories.of(directory), new FileSystemDisk(10)).bindTo(registry);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        disk.limit(disk.usedBytes() + FLOOR);
        assertThat(directory.space().space().usableBytes()).isEqualTo(FLOOR);
        assertThatThrownBy(() -> log.append(batch(), 0, 0)).isInstanceOf(LogFullException.class);
        assertThat(health.health().getStatus()).isEqualTo(StorageHealth.DEGRADED);
        assertThat(health.health().getDetails().toString())
                .contains("path=/data", "usable_bytes=1000", "min_free_bytes=1000", "writes are refused");
        assertThat(value(registry, "log_dir_usable_bytes")).isEqualTo(FLOOR);
        assertThat(registry.get("log_open_files").gauge().value()).isZero();
        assertThat(registry.get("log_max_open_files").gauge().value()).isEqualTo(10);
        assertThat(value(registry, "log_dir_min_free_bytes")).isEqualTo(FLOOR);
        assertThat(value(registry, "log_dir_refusing_writes")).isEqualTo(1);

        disk.limit(Long.MAX_VALUE);
        log.append(batch(), 0, 0);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(value(registry, "log_dir_refusing_writes")).isZero();
    }

    @Test
    void saysWhatTheScrubberFoundDamaged() throws IOException {
        LogDirectory directory = LogDirectory.open(disk, Path.of("/data"));
        CommitLog log = directory.openLog("orders/0", CONFIG);
        log.append(batch(), 0, 0);
        log.force();
        Path file = Path.of("/data/logs/orders/0/00000000000000000000.log");
        try (DiskFile opened = disk.open(file)) {
            opened.write(ByteBuffer.wrap(new byte[] {7}), 70);
        }
        var health = new StorageHealth(LogDirectories.of(directory));
        var registry = new SimpleMeterRegistry();
        new StorageMetrics(LogDirectories.of(directory), new FileSystemDisk(10)).bindTo(registry);
        assertThat(health.health().getDetails().toString()).doesNotContain("scrubbed_at");
        directory.scrubber().start(Duration.ofMillis(1), 1 << 30);
        await().until(() -> directory.scrubber().progress().passes() > 1);
        assertThat(health.health().getStatus()).isEqualTo(StorageHealth.DEGRADED);
        assertThat(health.health().getDetails().toString())
                .contains("scrubbed_at=", "damages=[" + file + " at position 0: ", "1 places in the files here");
        assertThat(value(registry, "log_damaged_places")).isEqualTo(1);
        assertThat(registry.get("log_damage_found").functionCounter().count()).isEqualTo(1);
        assertThat(registry.get("log_scrub_bytes").functionCounter().count()).isPositive();
        assertThat(registry.get("log_scrub_passes").functionCounter().count()).isPositive();
        directory.close();
    }

    @Test
    void saysWhichDirectoryIsOfflineAndWhichIsMissing() throws IOException {
        FaultyDisk third = new FaultyDisk(3);
        SplitDisk with =
                new SplitDisk(Map.of(Path.of("/a"), disk, Path.of("/b"), new FaultyDisk(2), Path.of("/c"), third));
        open(with, "/a", "/b", "/c").close();
        third.crashAt(1, FaultyDisk.Crash.PROCESS);
        LogDirectories now = open(with, "/a", "/c");
        var health = new StorageHealth(now).health();
        assertThat(health.getStatus()).isEqualTo(StorageHealth.DEGRADED);
        assertThat(health.getDetails().toString())
                .contains("path=/c, problem=Offline: ", "path=/b, problem=Missing: ", "path=/a, id=");
        var registry = new SimpleMeterRegistry();
        new StorageMetrics(now, new FileSystemDisk(10)).bindTo(registry);
        assertThat(registry.get("log_dirs_offline").gauge().value()).isEqualTo(1);
    }

    private static LogDirectories open(Disk on, String... paths) throws IOException {
        return LogDirectories.open(on, Arrays.stream(paths).map(Path::of).toList(), 0, ProducerLimits.DEFAULT);
    }

    private static ByteBuffer batch() {
        return Batches.batch(Codec.NONE, List.of(Batches.Entry.of(null, "value")));
    }

    @Test
    void saysHowFarRecoveryIs() throws IOException {
        LogDirectory before = LogDirectory.open(disk, Path.of("/data"));
        for (int i = 0; i < 3; i++) {
            before.openLog("orders/" + i, CONFIG).append(batch(), 0, 0);
        }
        disk.crash(FaultyDisk.Crash.PROCESS);
        LogDirectory directory = LogDirectory.open(disk, Path.of("/data"));
        var health = new StorageHealth(LogDirectories.of(directory));
        var registry = new SimpleMeterRegistry();
        new StorageMetrics(LogDirectories.of(directory), new FileSystemDisk(10)).bindTo(registry);
        assertThat(health.health().getDetails().toString()).doesNotContain("recovering");
        Thread recovery;
        try (FaultyDisk.Stall stall = disk.stall(FaultyDisk.Operation.FORCE, 2)) {
            recovery = Thread.ofVirtual().start(() -> {
                try {
                    directory.recoverAll(1);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            await().until(stall::isReached);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            assertThat(health.health().getDetails().toString()).contains("recovering=1 of 3 partitions");
            assertThat(value(registry, "log_recovery_remaining_logs")).isEqualTo(2);
            assertThat(value(registry, "log_recovery_remaining_bytes")).isEqualTo(batch().remaining());
        }
        await().until(() -> !recovery.isAlive());
        assertThat(health.health().getDetails().toString()).doesNotContain("recovering");
        assertThat(value(registry, "log_recovery_remaining_logs")).isZero();
    }

    private static double value(SimpleMeterRegistry registry, String name) {
        return registry.get(name).tag("dir", "/data").gauge().value();
    }
}

package io.naru.broker.config;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.disk.FileSystemDisk;
import java.util.function.ToDoubleFunction;

/** What operators watch of a data directory, tagged with its path, and of the files in it. */
final class StorageMetrics implements MeterBinder {
    private final LogDirectory directory;
    private final FileSystemDisk disk;

    StorageMetrics(LogDirectory directory, FileSystemDisk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("log_open_files", disk, FileSystemDisk::openFiles)
                .description("Files of logs that are open")
                .register(registry);
        Gauge.builder("log_max_open_files", disk, FileSystemDisk::maxOpenFiles)
                .description("Files of logs that are kept open at most")
                .register(registry);
        gauge(
                registry,
                "log_dir_total_bytes",
                "Size of the disk",
                d -> d.space().space().totalBytes());
        gauge(
                registry,
                "log_dir_usable_bytes",
                "Room left on the disk",
                d -> d.space().space().usableBytes());
        gauge(
                registry,
                "log_dir_min_free_bytes",
                "Room below which nothing more is written",
                d -> d.space().floorBytes());
        gauge(
                registry,
                "log_dir_refusing_writes",
                "1 while the last append was refused for want of room",
                d -> d.space().isRefusing() ? 1 : 0);
        gauge(
                registry,
                "log_recovery_remaining_logs",
                "Logs still to be recovered",
                d -> d.recoveryProgress().logs() - d.recoveryProgress().logsDone());
        gauge(
                registry,
                "log_recovery_remaining_bytes",
                "Bytes still to be read for that",
                d -> d.recoveryProgress().bytes() - d.recoveryProgress().bytesDone());
    }

    private void gauge(MeterRegistry registry, String name, String help, ToDoubleFunction<LogDirectory> value) {
        Gauge.builder(name, directory, value)
                .description(help)
                .tag("dir", directory.path().toString())
                .register(registry);
    }
}

package io.naru.broker.config;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.commitlog.LogDirectories;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.disk.FileSystemDisk;
import java.util.function.ToDoubleFunction;

/** What operators watch of data directories, each tagged with its path, and of the files in them. */
final class StorageMetrics implements MeterBinder {
    private final LogDirectories directories;
    private final FileSystemDisk disk;

    StorageMetrics(LogDirectories directories, FileSystemDisk disk) {
        this.directories = directories;
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
        Gauge.builder("log_dirs_offline", directories, all -> all.offline().size())
                .description("Data directories that could not be opened")
                .register(registry);
        directories.online().forEach(directory -> bind(registry, directory));
    }

    private static void bind(MeterRegistry registry, LogDirectory directory) {
        var meters = new Meters(registry, directory);
        meters.add(
                "log_dir_total_bytes",
                "Size of the disk",
                d -> d.space().space().totalBytes());
        meters.add(
                "log_dir_usable_bytes",
                "Room left on the disk",
                d -> d.space().space().usableBytes());
        meters.add(
                "log_dir_min_free_bytes",
                "Room below which nothing more is written",
                d -> d.space().floorBytes());
        meters.add(
                "log_dir_refusing_writes",
                "1 while the last append was refused for want of room",
                d -> d.space().isRefusing() ? 1 : 0);
        meters.add("log_dir_failing", "1 after the disk failed", d -> d.problem() == null ? 0 : 1);
        meters.add(
                "log_recovery_remaining_logs",
                "Logs still to be recovered",
                d -> d.recoveryProgress().logs() - d.recoveryProgress().logsDone());
        meters.add(
                "log_recovery_remaining_bytes",
                "Bytes still to be read for that",
                d -> d.recoveryProgress().bytes() - d.recoveryProgress().bytesDone());
        meters.add(
                "log_damaged_places",
                "Places in files that are damaged",
                d -> d.damages().count());
        meters.count(
                "log_damage_found",
                "Places that were found damaged, mended since or not",
                d -> d.damages().foundCount());
        meters.count(
                "log_scrub_bytes",
                "Bytes of segments that were looked at for damage",
                d -> d.scrubber().progress().bytesRead());
        meters.count(
                "log_scrub_passes",
                "Times that all files were looked at for damage",
                d -> d.scrubber().progress().passes());
    }

    /** Where the meters of one directory go. */
    private record Meters(MeterRegistry registry, LogDirectory directory) {
        void count(String name, String help, ToDoubleFunction<LogDirectory> value) {
            FunctionCounter.builder(name, directory, value)
                    .description(help)
                    .tag("dir", directory.path().toString())
                    .register(registry);
        }

        void add(String name, String help, ToDoubleFunction<LogDirectory> value) {
            Gauge.builder(name, directory, value)
                    .description(help)
                    .tag("dir", directory.path().toString())
                    .register(registry);
        }
    }
}

package io.naru.broker.config;

import io.naru.broker.runtime.PeriodicTask;
import io.naru.broker.runtime.ThreadTimers;
import io.naru.commitlog.LogDirectories;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires a broker's data directories and what tells of them. */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {
    @Bean
    StorageSettings storageSettings(Environment environment, BrokerProperties broker) {
        return StorageSettings.of(environment, broker);
    }

    @Bean
    FileSystemDisk disk(StorageSettings settings) {
        return new FileSystemDisk(settings.maxOpenFiles());
    }

    /** Closed by the {@link BrokerLifecycle}, after everything that writes to them. */
    @Bean(destroyMethod = "")
    LogDirectories logDirectories(FileSystemDisk disk, StorageSettings settings) throws IOException {
        LogDirectories directories =
                LogDirectories.open(disk, settings.directories(), settings.minFreeBytes(), settings.producers());
        Duration interval = settings.scrubInterval();
        if (interval != null) {
            directories
                    .online()
                    .forEach(directory -> directory.scrubber().start(interval, settings.scrubBytesPerSecond()));
        }
        return directories;
    }

    /** Started and closed by the {@link BrokerLifecycle}. */
    @Bean(destroyMethod = "")
    PeriodicTask checkpoints(LogDirectories directories, StorageSettings settings, ThreadTimers timers) {
        return new PeriodicTask("log-checkpoint", settings.checkpointInterval(), timers, directories::checkpoint);
    }

    @Bean
    StorageHealth storageHealthIndicator(LogDirectories directories) {
        return new StorageHealth(directories);
    }

    @Bean
    StorageMetrics storageMetrics(LogDirectories directories, FileSystemDisk disk) {
        return new StorageMetrics(directories, disk);
    }
}

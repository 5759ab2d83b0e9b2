package io.naru.broker.config;

import io.naru.broker.runtime.PeriodicTask;
import io.naru.broker.runtime.ThreadTimers;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires a broker's data directory and what tells of it. */
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

    /** Closed by the {@link BrokerLifecycle}, after everything that writes to it. */
    @Bean(destroyMethod = "")
    LogDirectory logDirectory(FileSystemDisk disk, StorageSettings settings) throws IOException {
        return LogDirectory.open(disk, settings.directory(), settings.minFreeBytes(), settings.producers());
    }

    /** Started and closed by the {@link BrokerLifecycle}. */
    @Bean(destroyMethod = "")
    PeriodicTask checkpoints(LogDirectory directory, StorageSettings settings, ThreadTimers timers) {
        return new PeriodicTask("log-checkpoint", settings.checkpointInterval(), timers, directory::checkpoint);
    }

    @Bean
    StorageHealth storageHealthIndicator(LogDirectory directory) {
        return new StorageHealth(directory);
    }

    @Bean
    StorageMetrics storageMetrics(LogDirectory directory, FileSystemDisk disk) {
        return new StorageMetrics(directory, disk);
    }
}

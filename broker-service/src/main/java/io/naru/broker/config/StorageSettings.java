package io.naru.broker.config;

import io.naru.commitlog.FreeSpace;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Where a broker keeps its logs and how it treats their disk: those of the properties {@code log.*} that are no defaults
 * of topic configs.
 *
 * @param directory absolute
 * @param minFreeBytes the disk has to have for more to be written ({@code log.min.free.bytes}), 0 or more, or {@link
 *     FreeSpace#BY_SIZE_OF_DISK}
 * @param checkpointInterval between two notes of how far logs have been forced ({@code
 *     log.flush.offset.checkpoint.interval.ms})
 */
record StorageSettings(Path directory, long minFreeBytes, Duration checkpointInterval) {
    private static final long CHECKPOINT_INTERVAL_MS = 5000;

    /**
     * The settings that the environment makes.
     *
     * @throws IllegalArgumentException naming the property, if a value is none
     */
    static StorageSettings of(Environment environment, BrokerProperties broker) {
        Path directory = Path.of(environment.getProperty("log.dir", "data/broker-" + broker.id()));
        Long minFree = bytes(environment, "log.min.free.bytes");
        return new StorageSettings(
                directory.toAbsolutePath().normalize(),
                minFree == null ? FreeSpace.BY_SIZE_OF_DISK : minFree,
                millis(environment, "log.flush.offset.checkpoint.interval.ms", CHECKPOINT_INTERVAL_MS));
    }

    private static Duration millis(Environment environment, String property, long byDefault) {
        String text = environment.getProperty(property);
        long millis = byDefault;
        if (text != null) {
            try {
                millis = Long.parseLong(text.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(property + ": '" + text + "' is no number of milliseconds", e);
            }
        }
        if (millis < 1) {
            throw new IllegalArgumentException(property + ": a number of milliseconds from 1 on, not " + millis);
        }
        return Duration.ofMillis(millis);
    }

    private static @Nullable Long bytes(Environment environment, String property) {
        DataSize size;
        try {
            size = environment.getProperty(property, DataSize.class);
        } catch (ConversionException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    property + ": '" + environment.getProperty(property)
                            + "' is no size; write bytes, or a number with KB, MB, GB or TB",
                    e);
        }
        if (size != null && size.isNegative()) {
            throw new IllegalArgumentException(property + ": a size is 0 or more, not " + size.toBytes());
        }
        return size == null ? null : size.toBytes();
    }
}

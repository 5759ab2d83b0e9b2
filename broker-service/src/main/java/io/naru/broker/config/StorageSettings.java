package io.naru.broker.config;

import io.naru.broker.partition.LogCleaner;
import io.naru.commitlog.FreeSpace;
import io.naru.commitlog.producer.ProducerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Where a broker keeps its logs and how it treats their disk: those of the properties {@code log.*} that are no defaults
 * of topic configs, and those that say how long its logs remember who wrote them.
 *
 * @param directories where logs lie ({@code log.dirs}, or {@code log.dir} for one), absolute, at least one
 * @param minFreeBytes the disk has to have for more to be written ({@code log.min.free.bytes}), 0 or more, or {@link
 *     FreeSpace#BY_SIZE_OF_DISK}
 * @param maxOpenFiles of all logs at once ({@code log.max.open.files}); 0 for half of what the system allows
 * @param checkpointInterval between two notes of how far logs have been forced ({@code
 *     log.flush.offset.checkpoint.interval.ms})
 * @param scrubInterval between two looks at all files for damage ({@code log.scrub.interval.ms}); null for none
 * @param scrubBytesPerSecond that are read for that in each directory ({@code log.scrub.bytes.per.second}), 1 or more
 * @param producers {@code producer.id.expiration.ms}, {@code produce.max-producers}, {@code
 *     produce.idempotency-key.expiration.ms} and {@code produce.max-idempotency-keys}
 */
record StorageSettings(
        List<Path> directories,
        long minFreeBytes,
        int maxOpenFiles,
        Duration checkpointInterval,
        @Nullable Duration scrubInterval,
        long scrubBytesPerSecond,
        ProducerLimits producers) {
    private static final long CHECKPOINT_INTERVAL_MS = 5000;
    private static final long SCRUB_INTERVAL_MS = Duration.ofDays(7).toMillis();
    private static final long LONGEST_SCRUB_INTERVAL_MS = Duration.ofDays(3650).toMillis();
    private static final long SCRUB_BYTES_PER_SECOND = 16L << 20;
    /** Room for one producer or key is taken when it is needed; many more than this would be a threat to the heap. */
    private static final int MOST_REMEMBERED = 10_000_000;

    private static final int MOST_CLEANERS = 64;
    private static final long LEAST_BYTES = 1024;
    private static final long MOST_KEY_BYTES = 16L << 30;
    private static final long MOST_BUFFER_BYTES = 256L << 20;

    /**
     * The settings that the environment makes.
     *
     * @throws IllegalArgumentException naming the property, if a value is none
     */
    static StorageSettings of(Environment environment, BrokerProperties broker) {
        Long minFree = bytes(environment, "log.min.free.bytes");
        return new StorageSettings(
                directories(environment, broker),
                minFree == null ? FreeSpace.BY_SIZE_OF_DISK : minFree,
                (int) number(environment, "log.max.open.files", 0, 0, Integer.MAX_VALUE),
                Duration.ofMillis(
                        millis(environment, "log.flush.offset.checkpoint.interval.ms", CHECKPOINT_INTERVAL_MS)),
                scrubInterval(environment),
                number(environment, "log.scrub.bytes.per.second", SCRUB_BYTES_PER_SECOND, 1, Long.MAX_VALUE),
                producers(environment));
    }

    private static @Nullable Duration scrubInterval(Environment environment) {
        long millis = number(environment, "log.scrub.interval.ms", SCRUB_INTERVAL_MS, -1, LONGEST_SCRUB_INTERVAL_MS);
        return millis < 0 ? null : Duration.ofMillis(millis);
    }

    /**
     * How logs are compacted: {@code log.cleaner.threads} and what goes with it.
     *
     * @throws IllegalArgumentException naming the property, if a value is none
     */
    static LogCleaner.Settings cleaner(Environment environment) {
        LogCleaner.Settings byDefault = LogCleaner.Settings.DEFAULT;
        return new LogCleaner.Settings(
                (int) number(environment, "log.cleaner.threads", byDefault.threads(), 1, MOST_CLEANERS),
                size(environment, "log.cleaner.io.max.bytes.per.second", byDefault.bytesPerSecond(), Long.MAX_VALUE),
                size(environment, "log.cleaner.dedupe.buffer.size", byDefault.keyBytes(), MOST_KEY_BYTES),
                (int) size(environment, "log.cleaner.io.buffer.size", byDefault.bufferBytes(), MOST_BUFFER_BYTES),
                Duration.ofMillis(millis(
                        environment,
                        "log.cleaner.backoff.ms",
                        byDefault.backoff().toMillis())));
    }

    private static long size(Environment environment, String property, long byDefault, long most) {
        Long size = bytes(environment, property);
        if (size == null) {
            return byDefault;
        }
        if (size < LEAST_BYTES || size > most) {
            throw new IllegalArgumentException(
                    "%s: %d lies outside of %d to %d bytes".formatted(property, size, LEAST_BYTES, most));
        }
        return size;
    }

    private static List<Path> directories(Environment environment, BrokerProperties broker) {
        String one = environment.getProperty("log.dir", "data/broker-" + broker.id());
        String several = environment.getProperty("log.dirs", one);
        List<Path> paths = Arrays.stream(several.split(","))
                .map(String::strip)
                .filter(path -> !path.isEmpty())
                .map(path -> Path.of(path).toAbsolutePath().normalize())
                .toList();
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("log.dirs: '" + several + "' names no directory");
        }
        for (Path path : paths) {
            if (paths.stream().filter(other -> other.startsWith(path)).count() > 1) {
                throw new IllegalArgumentException(
                        "log.dirs: " + path + " is named twice, or holds another of the directories");
            }
        }
        return paths;
    }

    private static ProducerLimits producers(Environment environment) {
        ProducerLimits byDefault = ProducerLimits.DEFAULT;
        return new ProducerLimits(
                millis(environment, "producer.id.expiration.ms", byDefault.producerExpirationMillis()),
                count(environment, "produce.max-producers", byDefault.maxProducers()),
                millis(environment, "produce.idempotency-key.expiration.ms", byDefault.keyExpirationMillis()),
                count(environment, "produce.max-idempotency-keys", byDefault.maxKeys()));
    }

    private static int count(Environment environment, String property, int byDefault) {
        return (int) number(environment, property, byDefault, 1, MOST_REMEMBERED);
    }

    private static long millis(Environment environment, String property, long byDefault) {
        return number(environment, property, byDefault, 1, Long.MAX_VALUE);
    }

    private static long number(Environment environment, String property, long byDefault, long least, long most) {
        String text = environment.getProperty(property);
        if (text == null) {
            return byDefault;
        }
        try {
            long number = Long.parseLong(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "%s: '%s' is no whole number from %d to %d".formatted(property, text, least, most));
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

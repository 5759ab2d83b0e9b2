package io.naru.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.naru.broker.partition.LogCleaner;
import io.naru.commitlog.FreeSpace;
import io.naru.commitlog.producer.ProducerLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.mock.env.MockEnvironment;

class StorageSettingsTests {
    private final MockEnvironment environment = new MockEnvironment();

    StorageSettingsTests() {
        environment.setConversionService(new ApplicationConversionService());
    }

    @Test
    void theDiskDecidesUnlessSomebodySays() {
        StorageSettings settings = settings();
        assertThat(settings.directories())
                .containsExactly(Path.of("data/broker-7").toAbsolutePath());
        assertThat(settings.minFreeBytes()).isEqualTo(FreeSpace.BY_SIZE_OF_DISK);
    }

    @Test
    void compactionTakesWhatItIsGiven() {
        assertThat(StorageSettings.cleaner(environment)).isEqualTo(LogCleaner.Settings.DEFAULT);
        environment.setProperty("log.cleaner.threads", "3");
        environment.setProperty("log.cleaner.io.max.bytes.per.second", "20MB");
        environment.setProperty("log.cleaner.dedupe.buffer.size", "1MB");
        environment.setProperty("log.cleaner.io.buffer.size", "64KB");
        environment.setProperty("log.cleaner.backoff.ms", "5");
        assertThat(StorageSettings.cleaner(environment))
                .isEqualTo(new LogCleaner.Settings(3, 20 << 20, 1 << 20, 1 << 16, Duration.ofMillis(5)));
        environment.setProperty("log.cleaner.dedupe.buffer.size", "5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StorageSettings.cleaner(environment))
                .withMessageStartingWith("log.cleaner.dedupe.buffer.size: ");
    }

    @Test
    void severalDirectoriesAreSeparatedByCommas() {
        environment.setProperty("log.dir", "/one");
        assertThat(settings().directories()).containsExactly(Path.of("/one"));
        environment.setProperty("log.dirs", "/a, /b/../c ,");
        assertThat(settings().directories()).containsExactly(Path.of("/a"), Path.of("/c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "/a,/b,/a", "/a,/a/b", "/a/b,/a"})
    void directoriesThatCannotStandBesideEachOtherAreRefused(String value) {
        environment.setProperty("log.dirs", value);
        assertThatIllegalArgumentException().isThrownBy(this::settings).withMessageStartingWith("log.dirs: ");
    }

    @Test
    void sizesMayCarryAUnit() {
        environment.setProperty("log.min.free.bytes", "2MB");
        assertThat(settings().minFreeBytes()).isEqualTo(2 << 20);
        environment.setProperty("log.min.free.bytes", "0");
        assertThat(settings().minFreeBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "much", "1 %"})
    void whatIsNoSizeNamesItsProperty(String value) {
        environment.setProperty("log.min.free.bytes", value);
        assertThatIllegalArgumentException().isThrownBy(this::settings).withMessageStartingWith("log.min.free.bytes: ");
    }

    @Test
    void checkpointsComeEveryFewSecondsUnlessSomebodySays() {
        assertThat(settings().checkpointInterval()).isEqualTo(Duration.ofSeconds(5));
        environment.setProperty("log.flush.offset.checkpoint.interval.ms", "100");
        assertThat(settings().checkpointInterval()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void damageIsLookedForOnceAWeekUnlessSomebodySays() {
        assertThat(settings().scrubInterval()).isEqualTo(Duration.ofDays(7));
        assertThat(settings().scrubBytesPerSecond()).isEqualTo(16 << 20);
        environment.setProperty("log.scrub.interval.ms", "1000");
        environment.setProperty("log.scrub.bytes.per.second", "1");
        assertThat(settings().scrubInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings().scrubBytesPerSecond()).isEqualTo(1);
        environment.setProperty("log.scrub.interval.ms", "-1");
        assertThat(settings().scrubInterval()).isNull();
        environment.setProperty("log.scrub.bytes.per.second", "0");
        assertThatIllegalArgumentException()
                .isThrownBy(this::settings)
                .withMessageStartingWith("log.scrub.bytes.per.second: ");
    }

    @Test
    void theSystemDecidesHowManyFilesUnlessSomebodySays() {
        assertThat(settings().maxOpenFiles()).isZero();
        environment.setProperty("log.max.open.files", "100");
        assertThat(settings().maxOpenFiles()).isEqualTo(100);
        environment.setProperty("log.max.open.files", "2147483648");
        assertThatIllegalArgumentException().isThrownBy(this::settings).withMessageStartingWith("log.max.open.files: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "5s"})
    void whatIsNoNumberOfMillisecondsNamesItsProperty(String value) {
        environment.setProperty("log.flush.offset.checkpoint.interval.ms", value);
        assertThatIllegalArgumentException()
                .isThrownBy(this::settings)
                .withMessageStartingWith("log.flush.offset.checkpoint.interval.ms: ");
    }

    @Test
    void producersAndKeysAreRememberedAsLongAsTheLogSaysUnlessSomebodyElseDoes() {
        assertThat(settings().producers()).isEqualTo(ProducerLimits.DEFAULT);
        environment.setProperty("producer.id.expiration.ms", "60000");
        environment.setProperty("produce.max-producers", "7");
        environment.setProperty("produce.idempotency-key.expiration.ms", "5000");
        environment.setProperty("produce.max-idempotency-keys", "8");
        assertThat(settings().producers()).isEqualTo(new ProducerLimits(60_000, 7, 5000, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many", "10000001"})
    void whatIsNoCountNamesItsProperty(String value) {
        environment.setProperty("produce.max-idempotency-keys", value);
        assertThatIllegalArgumentException()
                .isThrownBy(this::settings)
                .withMessageStartingWith("produce.max-idempotency-keys: ");
    }

    private StorageSettings settings() {
        return StorageSettings.of(environment, new BrokerProperties(7, null, Duration.ofSeconds(1), 1));
    }
}

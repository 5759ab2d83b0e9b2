package io.naru.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class LogDefaultsTests {
    @Test
    void logPropertiesAreTheDefaultsOfTopicConfigs() {
        var environment = new MockEnvironment()
                .withProperty("log.segment.bytes", "1048576")
                .withProperty("log.compression.type", "zstd")
                .withProperty("log.dir", "/somewhere");
        assertThat(LogDefaults.of(environment))
                .containsOnly(Map.entry("segment.bytes", "1048576"), Map.entry("compression.type", "zstd"));
    }

    @Test
    void theAgeOfSegmentsIsGivenInHoursOrMilliseconds() {
        assertThat(LogDefaults.of(new MockEnvironment().withProperty("log.roll.hours", "2")))
                .containsOnly(Map.entry("segment.ms", "7200000"));
        assertThat(LogDefaults.of(new MockEnvironment()
                        .withProperty("log.roll.hours", "2")
                        .withProperty("log.roll.ms", "5000")))
                .containsOnly(Map.entry("segment.ms", "5000"));
    }

    @Test
    void retentionIsGivenInHoursMinutesOrMilliseconds() {
        assertThat(LogDefaults.of(new MockEnvironment().withProperty("log.retention.hours", "2")))
                .containsOnly(Map.entry("retention.ms", "7200000"));
        assertThat(LogDefaults.of(new MockEnvironment()
                        .withProperty("log.retention.hours", "2")
                        .withProperty("log.retention.minutes", "3")))
                .containsOnly(Map.entry("retention.ms", "180000"));
        assertThat(LogDefaults.of(new MockEnvironment()
                        .withProperty("log.retention.minutes", "3")
                        .withProperty("log.retention.ms", "4")))
                .containsOnly(Map.entry("retention.ms", "4"));
        assertThat(LogDefaults.of(new MockEnvironment().withProperty("log.retention.hours", "-1")))
                .containsOnly(Map.entry("retention.ms", "-1"));
        assertThat(LogDefaults.of(new MockEnvironment().withProperty("log.segment.delete.delay.ms", "0")))
                .containsOnly(Map.entry("file.delete.delay.ms", "0"));
    }

    @Test
    void compactionHasTheNamesThatOperatorsKnow() {
        assertThat(LogDefaults.of(new MockEnvironment()
                        .withProperty("log.cleanup.policy", "compact")
                        .withProperty("log.cleaner.min.cleanable.ratio", "0.2")
                        .withProperty("log.cleaner.delete.retention.ms", "7")))
                .containsOnly(
                        Map.entry("cleanup.policy", "compact"),
                        Map.entry("min.cleanable.dirty.ratio", "0.2"),
                        Map.entry("delete.retention.ms", "7"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        LogDefaults.of(new MockEnvironment().withProperty("log.cleaner.min.cleanable.ratio", "much")))
                .withMessageStartingWith("log.cleaner.min.cleanable.ratio: ");
    }

    @Test
    void aNumberThatIsNoneOrTooLargeNamesItsProperty() {
        for (String value : new String[] {"soon", "9223372036854775807", "-2"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LogDefaults.of(new MockEnvironment().withProperty("log.retention.hours", value)))
                    .withMessageStartingWith("log.retention.hours: ");
        }
    }

    @Test
    void aValueOutOfBoundsNamesItsProperty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogDefaults.of(new MockEnvironment().withProperty("log.segment.bytes", "12")))
                .withMessageStartingWith("log.segment.bytes: ");
    }
}

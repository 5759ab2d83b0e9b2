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
    void aValueOutOfBoundsNamesItsProperty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogDefaults.of(new MockEnvironment().withProperty("log.segment.bytes", "12")))
                .withMessageStartingWith("log.segment.bytes: ");
    }
}

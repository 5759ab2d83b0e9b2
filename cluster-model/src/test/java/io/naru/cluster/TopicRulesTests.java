package io.naru.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRulesTests {
    @ParameterizedTest
    @ValueSource(strings = {"orders", "a", "A.b_c-9", "...", "_private", "logs", "orders.logs"})
    void ordinaryNamesAreFine(String name) {
        assertThatCode(() -> TopicNames.requireUserName(name)).doesNotThrowAnyException();
    }

    static String[] impossibleNames() {
        return new String[] {
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "a b",
            "a\u0000",
            "a\r\nb",
            "주문",
            "ordеrs",
            "a%2Fb",
            "__consumer_offsets",
            "x".repeat(250),
            "orders.log",
            "orders.index",
            "orders.timeindex",
            "a.snapshot",
            "a.tmp",
            "a.deleted"
        };
    }

    @ParameterizedTest
    @MethodSource("impossibleNames")
    void impossibleNamesAreRefused(String name) {
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> TopicNames.requireUserName(name))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TOPIC_NAME));
    }

    @Test
    void theLongestNameIsFine() {
        assertThatCode(() -> TopicNames.requireUserName("x".repeat(249))).doesNotThrowAnyException();
    }

    @Test
    void dotAndUnderscoreCollide() {
        assertThat(TopicNames.collisionKey("a.b")).isEqualTo(TopicNames.collisionKey("a_b"));
        assertThat(TopicNames.collisionKey("a.b")).isNotEqualTo(TopicNames.collisionKey("a-b"));
    }

    @ParameterizedTest
    @EnumSource(TopicConfig.class)
    void everyDefaultIsAPossibleValueAndHasHelp(TopicConfig config) {
        assertThatCode(() -> TopicConfig.require(config.key(), config.defaultValue()))
                .doesNotThrowAnyException();
        assertThat(config.help()).endsWith(".");
        assertThat(TopicConfig.byKey(config.key())).contains(config);
    }

    @ParameterizedTest
    @CsvSource({
        "segment.bytes, 1",
        "segment.bytes, 1073741825",
        "segment.bytes, lots",
        "segment.bytes, ''",
        "segment.bytes, 99999999999999999999",
        "flush.messages, 0",
        "flush.messages, -1",
        "compression.type, lzma",
        "compression.type, none",
        "compression.type, ZSTD",
        "compression.gzip.level, 0",
        "compression.gzip.level, -2",
        "compression.gzip.level, 10",
        "compression.lz4.level, 0",
        "compression.lz4.level, 18",
        "compression.zstd.level, -131073",
        "compression.zstd.level, 23",
        "cleanup.policy, none",
        "cleanup.policy, ''",
        "cleanup.policy, 'compact, delete'",
        "min.cleanable.dirty.ratio, 1.1",
        "min.cleanable.dirty.ratio, -0.1",
        "min.cleanable.dirty.ratio, NaN",
        "min.cleanable.dirty.ratio, 1e-3",
        "min.cleanable.dirty.ratio, half",
        "min.cleanable.dirty.ratio, 0.",
        "delete.retention.ms, -1",
        "min.compaction.lag.ms, -1",
        "max.compaction.lag.ms, 0",
        "no.such.config, 1"
    })
    void impossibleValuesAreRefused(String key, String value) {
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> TopicConfig.require(key, value))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG));
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, compact",
        "cleanup.policy, 'compact,delete'",
        "cleanup.policy, 'delete,compact'",
        "min.cleanable.dirty.ratio, 0",
        "min.cleanable.dirty.ratio, 0.05",
        "min.cleanable.dirty.ratio, 1.0",
        "delete.retention.ms, 0",
        "compression.type, producer",
        "compression.type, uncompressed",
        "compression.type, gzip",
        "compression.type, snappy",
        "compression.type, lz4",
        "compression.type, zstd",
        "compression.gzip.level, -1",
        "compression.gzip.level, 1",
        "compression.gzip.level, 9",
        "compression.lz4.level, 1",
        "compression.lz4.level, 17",
        "compression.zstd.level, -131072",
        "compression.zstd.level, 0",
        "compression.zstd.level, 22"
    })
    void valuesAreThoseOfKafka(String key, String value) {
        assertThatCode(() -> TopicConfig.require(key, value)).doesNotThrowAnyException();
    }

    @Test
    void theTopicsOwnValueBeatsTheBrokersWhichBeatsNarus() {
        var own = Map.of("segment.bytes", "20000");
        var broker = Map.of("segment.bytes", "30000");
        assertThat(TopicConfig.SEGMENT_BYTES.longIn(own, broker)).isEqualTo(20000);
        assertThat(TopicConfig.SEGMENT_BYTES.longIn(Map.of(), broker)).isEqualTo(30000);
        assertThat(TopicConfig.SEGMENT_BYTES.longIn(Map.of(), Map.of())).isEqualTo(1 << 30);
        assertThat(TopicConfig.effective(own, broker)).hasSize(TopicConfig.values().length);
    }

    @Test
    void errorNumbersAreUniqueAndSayTheirStatus() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
        assertThat(ErrorCode.values()).allSatisfy(code -> {
            assertThat(code.httpStatus()).isBetween(400, 599);
            assertThat(ErrorCode.of(code.code())).isEqualTo(code);
        });
        assertThat(ErrorCode.of(59999)).isEqualTo(ErrorCode.INTERNAL);
    }
}

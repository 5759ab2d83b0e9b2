package io.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.TopicConfig;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.Compression;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTests {
    @ParameterizedTest
    @CsvSource({
        "producer, NONE, 0",
        "uncompressed, NONE, 0",
        "gzip, GZIP, -1",
        "snappy, SNAPPY, 0",
        "lz4, LZ4, 9",
        "zstd, ZSTD, 3",
        "of-a-newer-version, NONE, 0"
    })
    void batchesAreStoredAsTheTopicSays(String type, Codec codec, int level) {
        assertThat(storeAs(Map.of("compression.type", type))).isEqualTo(new Compression(codec, level));
    }

    @Test
    void aTopicsLevelsAreThoseOfItsCodec() {
        Map<String, String> levels =
                Map.of("compression.gzip.level", "9", "compression.lz4.level", "17", "compression.zstd.level", "-5");
        assertThat(TopicSettings.of(Map.of("compression.type", "gzip"), levels).storeAs())
                .isEqualTo(new Compression(Codec.GZIP, 9));
        assertThat(TopicSettings.of(Map.of("compression.type", "lz4"), levels).storeAs())
                .isEqualTo(new Compression(Codec.LZ4, 17));
        assertThat(TopicSettings.of(Map.of("compression.type", "zstd"), levels).storeAs())
                .isEqualTo(new Compression(Codec.ZSTD, -5));
    }

    /** Both modules have the bounds; what passes the first must not be refused by the second. */
    @Test
    void everyLevelThatAConfigTakesIsALevelOfItsCodec() {
        for (String level : TopicConfig.COMPRESSION_GZIP_LEVEL.choices()) {
            assertThat(Codec.GZIP.hasLevel(Integer.parseInt(level))).isTrue();
        }
        for (var of : Map.of(
                        TopicConfig.COMPRESSION_LZ4_LEVEL, Codec.LZ4, TopicConfig.COMPRESSION_ZSTD_LEVEL, Codec.ZSTD)
                .entrySet()) {
            assertThat(of.getValue().hasLevel((int) of.getKey().least())).isTrue();
            assertThat(of.getValue().hasLevel((int) of.getKey().most())).isTrue();
        }
    }

    private static Compression storeAs(Map<String, String> configs) {
        return TopicSettings.of(configs, Map.of()).storeAs();
    }
}

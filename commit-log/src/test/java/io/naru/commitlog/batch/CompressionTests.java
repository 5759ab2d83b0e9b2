package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTests {
    @ParameterizedTest
    @EnumSource(names = {"GZIP", "LZ4", "ZSTD"})
    void levelsAreThoseOfKafka(Codec codec) {
        CompressionType kafkas = CompressionType.forId(codec.id());
        assertThat(codec.defaultLevel()).isEqualTo(kafkas.defaultLevel());
        List<Integer> levels = new ArrayList<>(List.of(-131_073, -131_072, -131_071, Integer.MIN_VALUE));
        for (int level = -10; level < 30; level++) {
            levels.add(level);
        }
        for (int level : levels) {
            assertThat(codec.hasLevel(level)).as("%s %d", codec, level).isEqualTo(isKafkas(kafkas, level));
        }
    }

    private static boolean isKafkas(CompressionType type, int level) {
        try {
            type.levelValidator().ensureValid("level", level);
            return true;
        } catch (ConfigException _) {
            return false;
        }
    }

    @Test
    void aLevelThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> new Compression(Codec.GZIP, 0)).hasMessage("GZIP has no level 0");
        assertThatThrownBy(() -> new Compression(Codec.SNAPPY, 1)).hasMessage("SNAPPY has no level 1");
        assertThat(Compression.of(Codec.LZ4)).isEqualTo(new Compression(Codec.LZ4, 9));
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, 0, 65536, true",
        "SNAPPY, 0, 65536, true",
        "LZ4, 9, 65536, true",
        "ZSTD, 3, 65536, true",
        "GZIP, -1, 4096, true",
        "GZIP, -1, 65536, false",
        "GZIP, 9, 8192, false",
        "LZ4, 17, 8192, false",
        "ZSTD, 19, 8192, false",
        "ZSTD, 3, 1048576, false",
        "NONE, 0, 1048576, false"
    })
    void largeBatchesAndSlowLevelsAreNotQuick(Codec codec, int level, int bytes, boolean quick) {
        assertThat(new Compression(codec, level).isQuick(bytes)).isEqualTo(quick);
    }
}

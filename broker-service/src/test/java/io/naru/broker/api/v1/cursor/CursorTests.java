package io.naru.broker.api.v1.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.broker.api.v1.record.ByteSink;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CursorTests {
    @Test
    void readsPairsInAnyOrderAndWritesThemAscending() {
        Cursor cursor = Cursor.parse("10:5,0:43,2:0");

        assertThat(cursor.nextOffsets()).containsExactly(Map.entry(0, 43L), Map.entry(2, 0L), Map.entry(10, 5L));
        assertThat(cursor).hasToString("0:43,2:0,10:5");
        assertThat(cursor.nextOffset(2)).isZero();
        assertThat(cursor.nextOffset(1)).isNull();
    }

    @Test
    void readsThePercentEncodedForm() {
        assertThat(Cursor.parse("0%3A43%2C1%3a17")).hasToString("0:43,1:17");
    }

    @Test
    void readsTheLargestNumbers() {
        assertThat(Cursor.parse("2147483647:9223372036854775807").nextOffset(Integer.MAX_VALUE))
                .isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    ""                      | it is empty
                    x                       | a partition number is missing at character 1
                    0                       | ':' is missing at character 2
                    0:                      | an offset is missing at character 3
                    0:1,                    | a partition number is missing at character 5
                    0:1,,1:2                | a partition number is missing at character 5
                    0:1;1:2                 | ',' is missing at character 4
                    -1:3                    | a partition number is missing at character 1
                    0:-3                    | an offset is missing at character 3
                    0: 3                    | an offset is missing at character 3
                    0:1,0:2                 | partition 0 appears twice
                    2147483648:0            | a partition number at character 1 is larger than 2147483647
                    0:9223372036854775808   | an offset at character 3 is larger than 9223372036854775807
                    0:٣                     | an offset is missing at character 3
                    0%3B1                   | ':' is missing at character 2
                    """)
    void tellsWhatIsWrong(String text, String flaw) {
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> Cursor.parse(text))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CURSOR))
                .withMessageContaining("cannot be read: " + flaw + ".");
    }

    @Test
    void refusesWhatIsTooLongWithoutReadingIt() {
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> Cursor.parse("1".repeat(Cursor.MAX_LENGTH + 1)))
                .withMessageContaining("at most " + Cursor.MAX_LENGTH);
    }

    @Property
    void whatIsWrittenReadsBackRawAndEncoded(
            @ForAll @Size(min = 1, max = 300) Map<@IntRange(min = 0) Integer, @LongRange(min = 0) Long> pairs) {
        var cursor = new Cursor(new TreeMap<>(pairs));

        assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
        assertThat(Cursor.parse(URLEncoder.encode(cursor.toString(), StandardCharsets.US_ASCII)))
                .isEqualTo(cursor);
    }

    @Property
    void positionsWriteTheSameTextAsTheCursorTheyAmountTo(
            @ForAll @Size(min = 1, max = 300) Map<@IntRange(min = 0) Integer, @LongRange(min = 0) Long> pairs) {
        var positions = new Positions(Cursor.EARLIEST);
        pairs.forEach(positions::set);
        var sink = new ByteSink(1);
        positions.writeTo(sink);

        assertThat(sink).hasToString(new Cursor(new TreeMap<>(pairs)).toString());
        assertThat(positions.toCursor()).hasToString(sink.toString());
        pairs.forEach(
                (partition, offset) -> assertThat(positions.get(partition)).isEqualTo(offset));
    }
}

package io.naru.benchmarks.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.api.json.JsonScanner;
import io.naru.broker.api.json.JsonSyntaxException;
import io.naru.broker.api.v1.produce.RecordParser;
import io.naru.broker.api.v1.produce.RecordSlot;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The two parsers that are compared do the same, but for the differences that speak for one of them. */
class JacksonRecordParserTests {
    private static final int DEPTH = 100;

    private final RecordSlot ours = new RecordSlot();
    private final RecordSlot jacksons = new RecordSlot();
    private final JsonScanner scanner = new JsonScanner(DEPTH);
    private final RecordParser parser = new RecordParser(scanner, ours);
    private final JacksonRecordParser jackson = new JacksonRecordParser(DEPTH, jacksons);

    @ParameterizedTest
    @EnumSource
    void bothReadTheSamplesAlikeAndToTheByte(SampleLines lines) {
        SampleLines.Block block = lines.blocks(1, 100)[0];
        var wholeBlock = new JacksonRecordParser(DEPTH, jacksons);
        wholeBlock.open(block.bytes(), 0, block.bytes().length);
        int from = 0;
        for (int end : block.ends()) {
            String line = new String(block.bytes(), from, end - from, UTF_8);
            assertThat(read(block.bytes(), from, end)).isNull();
            assertThat(text(ours.key())).startsWith("sensor-");
            assertThat("{\"key\":\"" + text(ours.key()) + "\",\"value\":" + text(ours.value()) + "}")
                    .isEqualTo(line);

            readByJackson(block.bytes(), from, end);
            assertSame();
            jacksons.clear();
            assertThat(wholeBlock.next()).isEqualTo(end);
            assertSame();
            from = end + 1;
        }
        wholeBlock.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":  12.50  }",
                "{\"value\":-0}",
                "{\"value\":\"a\\u0062\"}",
                "{\"value\": [1, {\"a\":\"]\"}] ,\"key\":\"\\u00e9\"}",
                "{\"value\":null}",
                "{\"value_text\":\"x\\n\",\"timestamp\":12,\"partition\":0}",
                "{\"value\":true}",
                " {\"key\":\"서울\",\"value\":{}} "
            })
    void bothTakeAValueAsItCame(String line) {
        byte[] bytes = line.getBytes(UTF_8);
        readByJackson(bytes, 0, bytes.length);
        assertThat(read(bytes.clone(), 0, bytes.length)).isNull();
        assertSame();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":1,\"value\":2}",
                "{\"value\":1,\"value_text\":\"2\"}",
                "{\"key\":\"a\"}",
                "{\"valeu\":1}",
                "{\"value\":1}{\"value\":2}",
                "{\"value\":1",
                "{\"value\":01}",
                "{\"value\":\"\u0001\"}",
                "[1]",
                ""
            })
    void bothRefuse(String line) {
        byte[] bytes = line.getBytes(UTF_8);
        assertThat(oursTakes(bytes)).isFalse();
        assertThat(jacksonTakes(bytes)).isFalse();
    }

    @Test
    void bothBoundTheDepth() {
        for (int depth : new int[] {DEPTH - 1, DEPTH + 1}) {
            byte[] bytes = ("{\"value\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(UTF_8);
            assertThat(oursTakes(bytes)).isEqualTo(depth < DEPTH);
            assertThat(jacksonTakes(bytes)).isEqualTo(depth < DEPTH);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0af", "c080", "e080af", "f08080af", "eda080", "f4908080", "f5808080"})
    void jacksonLetsMalformedUtf8PassInAValueItOnlyPassesOver(String hex) {
        byte[] bytes = ("{\"value\":[\"....\"]}").getBytes(StandardCharsets.ISO_8859_1);
        byte[] malformed = HexFormat.of().parseHex(hex);
        System.arraycopy(malformed, 0, bytes, 11, malformed.length);

        assertThat(oursTakes(bytes)).isFalse();
        assertThat(jacksonTakes(bytes)).isTrue();
    }

    @Test
    void withoutItsTableOfNamesJacksonTellsNoByteOffsets() {
        var factory = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), "{\"a\":[1]}".getBytes(UTF_8))) {
            while (parser.nextToken() != null) {
                assertThat(parser.currentTokenLocation().getByteOffset()).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-8"})
    void jacksonTakesOtherEncodingsAndByteOrderMarksUnlessToldNotTo(String charset) {
        byte[] bytes = ("\ufeff{\"value\":1}").getBytes(Charset.forName(charset));

        assertThat(oursTakes(bytes)).isFalse();
        assertThat(jacksonTakes(bytes)).isFalse();
        assertThat(JsonMapper.shared().readTree(bytes).path("value").asInt()).isEqualTo(1);
    }

    @Test
    void jacksonBoundsNumbersUnlessToldNotTo() {
        byte[] bytes = ("{\"value\":" + "1".repeat(1001) + "}").getBytes(UTF_8);

        assertThat(oursTakes(bytes)).isTrue();
        assertThat(jacksonTakes(bytes)).isTrue();
        assertThatThrownBy(() -> JsonMapper.shared().readTree(bytes)).isInstanceOf(StreamConstraintsException.class);
    }

    @Test
    void neitherLooksForFieldsGivenTwiceInsideAValue() {
        byte[] bytes = "{\"value\":{\"a\":1,\"a\":2}}".getBytes(UTF_8);
        assertThat(oursTakes(bytes)).isTrue();
        assertThat(jacksonTakes(bytes)).isTrue();
    }

    @Test
    void ourProblemSaysWhereAndWhatToDo() {
        assertThatThrownBy(() -> {
                    byte[] bytes = "{\"value\":[1,]}".getBytes(UTF_8);
                    read(bytes, 0, bytes.length);
                })
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessage("There is ']' where a value is expected");
    }

    private void assertSame() {
        assertThat(jacksons.key()).isEqualTo(ours.key());
        assertThat(jacksons.value()).isEqualTo(ours.value());
    }

    private @Nullable String read(byte[] bytes, int from, int to) {
        scanner.reset(bytes, from, to);
        String problem = parser.read();
        scanner.expectEnd();
        return problem;
    }

    private void readByJackson(byte[] bytes, int from, int to) {
        jackson.open(bytes, from, to);
        if (jackson.next() < 0) {
            throw new IllegalArgumentException("no record");
        }
        jackson.expectEnd();
    }

    private boolean oursTakes(byte[] bytes) {
        try {
            return read(bytes.clone(), 0, bytes.length) == null;
        } catch (JsonSyntaxException e) {
            return false;
        }
    }

    private boolean jacksonTakes(byte[] bytes) {
        try {
            readByJackson(bytes, 0, bytes.length);
            return true;
        } catch (JacksonException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : UTF_8.decode(bytes.duplicate()).toString();
    }
}

package io.naru.broker.api.v1.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.Batches;
import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.Batches.Header;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordWriterTests {
    private static final RecordFormat DOCUMENT = new RecordFormat(false, false);
    private static final RecordFormat LINES = new RecordFormat(false, true);
    private static final RecordFormat BASE64 = new RecordFormat(true, true);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(tools.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @Test
    void writesAllFieldsInOrder() {
        Entry entry = Entry.of("o-17", "{\"total\": 9.90}")
                .at(1700)
                .with("type", "order")
                .with("type", null);

        assertThat(written(DOCUMENT, entry))
                .isEqualTo("{\"topic\":\"orders\",\"partition\":3,\"offset\":0,\"timestamp\":1700,\"key\":\"o-17\","
                        + "\"value\":{\"total\": 9.90},\"headers\":[{\"name\":\"type\",\"value\":\"order\"},"
                        + "{\"name\":\"type\",\"value\":null}]}");
    }

    @Test
    void keepsAJsonValueAsItCame() {
        String value = " {\"a\" :1.0e400000,\"a\":[ 0.10,\"\\u00e9é\\/\"]}\n";

        assertThat(written(DOCUMENT, Entry.of(null, value)))
                .contains("\"key\":null,\"value\":" + value + ",\"headers\"");
    }

    @Test
    void turnsLineBreaksBetweenTokensIntoSpacesWhereLinesAreFramed() {
        assertThat(written(LINES, Entry.of(null, "{\r\n\"a\":\n\"\\n\"}"))).contains("\"value\":{  \"a\": \"\\n\"}");
    }

    @Test
    void showsATombstoneAndTheTextNullApart() {
        assertThat(written(DOCUMENT, Entry.of("k", null))).contains("\"value\":null,");
        assertThat(written(DOCUMENT, Entry.of("k", "null"))).contains("\"value_text\":\"null\",");
        assertThat(written(DOCUMENT, Entry.of("k", " null\n"))).contains("\"value_text\":\" null\\n\",");
        assertThat(written(BASE64, Entry.of("k", null))).contains("\"value\":null,");
    }

    @Test
    void showsWhatIsNoUtf8InBase64() {
        byte[] bytes = {(byte) 0xff, 0};
        var entry = new Entry(1, bytes, bytes, List.of(new Header(bytes, bytes)));

        assertThat(written(DOCUMENT, entry))
                .endsWith("\"key_base64\":\"/wA=\",\"value_base64\":\"/wA=\","
                        + "\"headers\":[{\"name_base64\":\"/wA=\",\"value_base64\":\"/wA=\"}]}");
    }

    @Test
    void showsEveryValueInBase64WhereThatIsWanted() {
        assertThat(written(BASE64, Entry.of("k", "{}"))).contains("\"key\":\"k\",\"value_base64\":\"e30=\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1.5e-7", "true", "false", "\"\"", "[]", "{}", " [1 , 2]\t", "\"\\ud800\"", "[null]"})
    void takesForJsonWhatIsOneJsonText(String text) {
        assertThat(shapeOf(text)).isEqualTo(ValueShape.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "nul",
                "01",
                "+1",
                ".5",
                "1.",
                "NaN",
                "Infinity",
                "'a'",
                "{a:1}",
                "[1,]",
                "{} {}",
                "1 2",
                "[1",
                "\"a",
                "\"\t\"",
                "tru",
                "truefalse",
                "// c\n1",
                "\ufeff1",
                "\0001",
                "1\000",
                "{\"a\":1,}"
            })
    void takesForTextWhatIsNot(String text) {
        assertThat(shapeOf(text)).isEqualTo(ValueShape.TEXT);
    }

    @Test
    void takesForTextWhatIsNestedTooDeep() {
        assertThat(shapeOf("[".repeat(1000) + "]".repeat(1000))).isEqualTo(ValueShape.JSON);
        assertThat(shapeOf("[".repeat(1001) + "]".repeat(1001))).isEqualTo(ValueShape.TEXT);
        assertThat(shapeOf("[".repeat(1_000_000))).isEqualTo(ValueShape.TEXT);
    }

    @Property
    void whatIsWrittenParsesAndMeansTheSameBytes(
            @ForAll("entries") List<Entry> entries, @ForAll RecordFormatChoice how) {
        var sink = new ByteSink(1);
        var writer = new RecordWriter(sink);
        var cursor = new RecordCursor(Batches.batch(Codec.NONE, entries));
        for (int i = 0; i < entries.size(); i++) {
            cursor.next();
            sink.truncate(0);
            writer.write("orders", 3, cursor, how.format);

            JsonNode record = JSON.readTree(sink.toString());
            assertThat(bytesOf(record, "key")).isEqualTo(entries.get(i).key());
            assertThat(valueOf(record, sink.toString())).isEqualTo(expectedValue(entries.get(i), record, how.format));
            assertThat(record.get("offset").longValue()).isEqualTo(i);
            assertThat(record.get("timestamp").longValue())
                    .isEqualTo(entries.get(i).timestamp());
            var headers = new ArrayList<List<Object>>();
            record.get("headers")
                    .forEach(header -> headers.add(nullable(bytesOf(header, "name"), bytesOf(header, "value"))));
            assertThat(headers)
                    .usingRecursiveComparison()
                    .isEqualTo(entries.get(i).headers().stream()
                            .map(header -> nullable(header.name(), header.value()))
                            .toList());
            if (how.format.onOneLine()) {
                assertThat(sink.toString()).doesNotContain("\n", "\r");
            }
        }
    }

    enum RecordFormatChoice {
        AS_DOCUMENT(DOCUMENT),
        AS_LINES(LINES),
        AS_BASE64(BASE64);

        final RecordFormat format;

        RecordFormatChoice(RecordFormat format) {
            this.format = format;
        }
    }

    @Provide
    Arbitrary<List<Entry>> entries() {
        Arbitrary<byte[]> header = Arbitraries.oneOf(text(), bytes());
        Arbitrary<List<Header>> headers = Combinators.combine(header, header.injectNull(0.1))
                .as(Header::new)
                .list()
                .ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 4),
                        header.injectNull(0.2),
                        Arbitraries.oneOf(text(), bytes(), json()).injectNull(0.1),
                        headers)
                .as(Entry::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static Arbitrary<byte[]> text() {
        return Arbitraries.strings().ofMaxLength(20).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
    }

    private static Arbitrary<byte[]> json() {
        Arbitrary<String> scalar = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(10).map(JSON::writeValueAsString),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.of("true", "false", "null", "1E5", "0.10", "\"\\ud83d\\ude00\""));
        Arbitrary<String> space = Arbitraries.strings().withChars(" \n\r\t").ofMaxLength(2);
        Arbitrary<String> any = Arbitraries.lazyOf(
                () -> scalar,
                () -> Combinators.combine(scalar, space)
                        .as((value, white) -> "{" + white + "\"a\":" + white + value + white + "}"),
                () -> Combinators.combine(scalar, scalar, space)
                        .as((one, two, white) -> white + "[" + one + white + "," + white + two + "]" + white));
        return any.map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] expectedValue(Entry entry, JsonNode record, RecordFormat format) {
        if (entry.value() == null || !record.has("value") || !format.onOneLine()) {
            return entry.value();
        }
        String text = new String(entry.value(), StandardCharsets.UTF_8);
        return text.replace('\n', ' ').replace('\r', ' ').getBytes(StandardCharsets.UTF_8);
    }

    /** What a reader makes of the value; of JSON the text, whose bytes are the value's. */
    private static byte @Nullable [] valueOf(JsonNode record, String text) {
        if (!record.has("value")) {
            return bytesOf(record, "value");
        }
        int from = text.indexOf(",\"value\":") + ",\"value\":".length();
        String value = text.substring(from, text.lastIndexOf(",\"headers\":["));
        // Headers may hold the same words; the parser knows where the value really ends.
        while (!parses(value) || !JSON.readTree(value).equals(record.get("value"))) {
            value = value.substring(0, value.lastIndexOf(",\"headers\":["));
        }
        return record.get("value").isNull() ? null : value.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean parses(String text) {
        try {
            JSON.readTree(text);
            return true;
        } catch (tools.jackson.core.JacksonException _) {
            return false;
        }
    }

    private static byte @Nullable [] bytesOf(JsonNode node, String field) {
        if (node.has(field + "_base64")) {
            return Base64.getDecoder().decode(node.get(field + "_base64").stringValue());
        }
        JsonNode text = node.has(field + "_text") ? node.get(field + "_text") : node.get(field);
        return text.isNull() ? null : text.stringValue().getBytes(StandardCharsets.UTF_8);
    }

    private static List<Object> nullable(byte[] name, byte @Nullable [] value) {
        var both = new ArrayList<Object>();
        both.add(name);
        both.add(value);
        return both;
    }

    private static ValueShape shapeOf(String text) {
        byte[] bytes = ("x" + text + "x").getBytes(StandardCharsets.UTF_8);
        return new ValueInspector().shapeOf(bytes, 1, bytes.length - 2);
    }

    private static String written(RecordFormat format, Entry entry) {
        var sink = new ByteSink(1);
        var cursor = new RecordCursor(Batches.batch(Codec.NONE, List.of(entry)));
        cursor.next();
        new RecordWriter(sink).write("orders", 3, cursor, format);
        return sink.toString();
    }
}

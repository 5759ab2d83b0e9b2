package io.naru.broker.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The scanner against the grammar, by example and by comparison with Jackson. */
class JsonScannerTests {
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Texts made of the stuff JSON is made of: most are broken, many only just. */
    @Property(tries = 20_000)
    void takesWhatJacksonTakesAndRefusesWhatItRefuses(@ForAll("nearlyJson") String text) {
        assertThat(takes(text)).as(text).isEqualTo(jacksonTakes(text));
    }

    @Property
    void readsStringsAsJacksonDoes(@ForAll("strings") String content) {
        String text = JACKSON.writeValueAsString(content);
        String escaped = escapeAll(content);

        assertThat(read(text)).isEqualTo(content);
        assertThat(read(escaped)).isEqualTo(content);
    }

    @Property
    void readsNumbers(@ForAll long number) {
        assertThat(scanner(Long.toString(number)).readLong()).isEqualTo(number);
    }

    @Property
    void knowsUtf8AsJavaDoes(@ForAll("bytes") byte[] bytes) {
        boolean valid =
                Arrays.equals(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);

        assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a":1,}            | 7  | There is '}' where a field name in quotes is expected
            {"a" 1}             | 5  | There is '1' where ':' is expected
            [1 2]               | 3  | There is '2' where ']' is expected
            [1,]                | 3  | There is ']' where a value is expected
            "a                  | 2  | The text ends inside a string
            "\\q"               | 1  | There is no such escape in JSON
            "\\u12"             | 1  | \\u stands without four hexadecimal digits
            -                   | 1  | The text ends where a digit is expected
            nul                 | 0  | There is 'n' where a value is expected
            {"a":1              | 6  | The text ends where '}' is expected
            """)
    void tellsWhatIsWrongAndWhere(String text, int offset, String problem) {
        assertThatThrownBy(() -> scanner(text).skipValue())
                .isInstanceOfSatisfying(
                        JsonSyntaxException.class, e -> assertThat(e.offset()).isEqualTo(offset))
                .hasMessage(problem);
    }

    @Test
    void wholeNumbersThatDoNotFitAreConsumedAllTheSame() {
        for (String number : List.of("1.0", "1e3", "9223372036854775808", "-9223372036854775809", "0.0e-0")) {
            JsonScanner scanner = scanner(number + " ,");
            assertThatThrownBy(scanner::readLong).isInstanceOf(ArithmeticException.class);
            scanner.expect(',');
            scanner.expectEnd();
        }
    }

    @Test
    void aSkippedValueStaysAsItCame() {
        byte[] text = " {\"\\u0061\": \"\\n\"} ".getBytes(StandardCharsets.UTF_8);
        byte[] before = text.clone();
        var scanner = new JsonScanner(10);
        scanner.reset(text, 0, text.length);

        scanner.skipValue();

        assertThat(text).isEqualTo(before);
        assertThat(scanner.position()).isEqualTo(text.length - 1);
    }

    @Provide
    Arbitrary<String> nearlyJson() {
        return Arbitraries.of(
                        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":", "1", "0", "-", ".", "e", "E+", "12",
                        "true", "false", "null", " ", "\n", "\\", "\\u00e9", "é", "🚀", "\\n", "nul", "\t")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.strings()
                .withChars('a', '"', '\\', '/', '\n', '\0', '\u001f', 'é', '€')
                .ofMaxLength(20)
                .map(text -> text.replace("/", "🚀"));
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.of(
                        0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
                        0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff)
                .list()
                .ofMaxSize(6)
                .map(values -> {
                    byte[] bytes = new byte[values.size()];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = values.get(i).byteValue();
                    }
                    return bytes;
                });
    }

    private static boolean takes(String text) {
        JsonScanner scanner = scanner(text);
        try {
            scanner.skipValue();
            scanner.expectEnd();
            return true;
        } catch (JsonSyntaxException e) {
            return false;
        }
    }

    private static boolean jacksonTakes(String text) {
        try {
            return !JACKSON.readTree(text).isMissingNode();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static String read(String text) {
        JsonScanner scanner = scanner(text);
        scanner.readString();
        scanner.expectEnd();
        return new String(scanner.array(), scanner.stringOffset(), scanner.stringLength(), StandardCharsets.UTF_8);
    }

    private static String escapeAll(String content) {
        var escaped = new StringBuilder("\"");
        content.chars().forEach(c -> escaped.append("\\u%04X".formatted(c)));
        return escaped.append('"').toString();
    }

    private static JsonScanner scanner(String text) {
        byte[] bytes = ("xx" + text + "yy").getBytes(StandardCharsets.UTF_8);
        var scanner = new JsonScanner(100);
        scanner.reset(bytes, 2, bytes.length - 2);
        return scanner;
    }
}

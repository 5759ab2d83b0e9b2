package io.naru.broker.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonBufferTests {
    private static final JsonMapper JACKSON = JsonMapper.builder().build();

    @Test
    void setsCommasByItself() {
        var json = new JsonBuffer(1);

        json.beginObject()
                .field("a", 1)
                .field("b", "x")
                .field("c")
                .beginArray()
                .value(1)
                .value(true)
                .beginObject()
                .endObject()
                .beginArray()
                .endArray()
                .value((String) null)
                .endArray()
                .field("d", false)
                .endObject()
                .endLine()
                .beginObject()
                .endObject();

        assertThat(json).hasToString("{\"a\":1,\"b\":\"x\",\"c\":[1,true,{},[],null],\"d\":false}\n{}");
    }

    @Property
    void writesNumbers(@ForAll long number) {
        assertThat(new JsonBuffer(0).value(number)).hasToString(Long.toString(number));
    }

    @Property
    void writesTextsThatJacksonReadsBack(@ForAll String text) {
        byte[] json = new JsonBuffer(0).value(text).toBytes();

        // What is no Unicode, a surrogate alone, cannot be written.
        String expected = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
        assertThat(JACKSON.readTree(json).asString()).isEqualTo(expected);
    }

    @Test
    void writesWhateverPropertiesHold() {
        var map = new LinkedHashMap<String, Object>();
        map.put("n", 1);
        map.put("list", Arrays.asList("a", null, List.of()));
        map.put("other", new StringBuilder("text"));

        assertThat(new JsonBuffer(8).any(map)).hasToString("{\"n\":1,\"list\":[\"a\",null,[]],\"other\":\"text\"}");
    }
}

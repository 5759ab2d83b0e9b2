package io.naru.benchmarks.json;

import io.naru.broker.api.v1.produce.RecordSlot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.core.util.Named;

/**
 * What the broker's {@link io.naru.broker.api.v1.produce.RecordParser} would be if it stood on Jackson's streaming
 * parser: a value's bytes are taken from between the places of its tokens, depth is bounded by Jackson's constraints,
 * fields given twice are refused. Set up to be quick: no detection of encodings, names matched by Jackson's own matcher,
 * buffers recycled by thread. It reads no headers and no Base64, and explains mistakes less well. Reusable, not
 * thread-safe.
 */
final class JacksonRecordParser implements AutoCloseable {
    private static final List<Named> FIELDS = List.of(
            Named.fromString("key"),
            Named.fromString("value"),
            Named.fromString("value_text"),
            Named.fromString("partition"),
            Named.fromString("timestamp"));
    private static final int KEY = 0;
    private static final int VALUE = 1;
    private static final int VALUE_TEXT = 2;
    private static final int VALUES = 1 << VALUE | 1 << VALUE_TEXT;

    private final JsonFactory factory;
    private final PropertyNameMatcher names;
    private final RecordSlot slot;
    private byte[] scratch = new byte[256];
    private int stringLength;
    private byte[] text = new byte[0];
    private int start;
    private @Nullable JsonParser open;

    /** A parser of records nested at most {@code maxDepth} deep, the record itself included. */
    JacksonRecordParser(int maxDepth, RecordSlot slot) {
        this.slot = slot;
        this.factory = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
        this.names = factory.constructNameMatcher(FIELDS, false);
    }

    /** Begins with the text that lies in {@code bytes} from {@code from} up to {@code to}. */
    void open(byte[] bytes, int from, int to) {
        text = bytes;
        start = from;
        open = factory.createParser(ObjectReadContext.empty(), bytes, from, to - from);
    }

    /**
     * Reads the next record of the text into the slot.
     *
     * @return the index behind its last byte; -1 when there are no more
     * @throws tools.jackson.core.JacksonException if there is something else than JSON
     * @throws IllegalArgumentException if it is no record
     */
    int next() {
        JsonParser parser = parser();
        slot.clear();
        JsonToken first = parser.nextToken();
        if (first == null) {
            return -1;
        }
        require(first == JsonToken.START_OBJECT, "no object");
        int seen = 0;
        int field = parser.nextNameMatch(names);
        while (field != PropertyNameMatcher.MATCH_END_OBJECT) {
            require(field >= 0, "an unknown field");
            require((seen & 1 << field) == 0, "a field given twice");
            seen |= 1 << field;
            readField(parser, field);
            field = parser.nextNameMatch(names);
        }
        require(Integer.bitCount(seen & VALUES) == 1, "not one value");
        return here(parser);
    }

    /** Makes sure that nothing follows, and gives the buffers back. */
    void expectEnd() {
        require(parser().nextToken() == null, "more than one record");
        close();
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private void readField(JsonParser parser, int field) {
        JsonToken token = parser.nextToken();
        switch (field) {
            case KEY -> {
                require(token == JsonToken.VALUE_STRING, "no string");
                byte[] bytes = string(parser);
                slot.key(bytes, 0, stringLength);
            }
            case VALUE -> {
                if (token != JsonToken.VALUE_NULL) {
                    readValue(parser);
                }
            }
            case VALUE_TEXT -> {
                require(token == JsonToken.VALUE_STRING, "no string");
                byte[] bytes = parser.getString().getBytes(StandardCharsets.UTF_8);
                slot.value(bytes, 0, bytes.length);
            }
            default -> require(token == JsonToken.VALUE_NUMBER_INT && parser.getLongValue() >= 0, "no such number");
        }
    }

    private void readValue(JsonParser parser) {
        int from = start + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        slot.value(text, from, here(parser) - from);
    }

    /** The string's bytes, from index 0, as many as {@code stringLength} says; nothing is allocated for ASCII. */
    private byte[] string(JsonParser parser) {
        char[] chars = parser.getStringCharacters();
        int length = parser.getStringLength();
        int from = parser.getStringOffset();
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        for (int i = 0; i < length; i++) {
            char c = chars[from + i];
            if (c >= 0x80) {
                byte[] bytes = new String(chars, from, length).getBytes(StandardCharsets.UTF_8);
                stringLength = bytes.length;
                return bytes;
            }
            scratch[i] = (byte) c;
        }
        stringLength = length;
        return scratch;
    }

    private int here(JsonParser parser) {
        return start + (int) parser.currentLocation().getByteOffset();
    }

    private JsonParser parser() {
        if (open == null) {
            throw new IllegalStateException("no text was opened");
        }
        return open;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

package io.naru.broker.api.v1.record;

import io.naru.broker.api.json.Utf8;
import io.naru.commitlog.batch.RecordCursor;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes stored records as JSON, from the bytes of the log into a sink, with no object per record between:
 *
 * <pre>{"topic":"t","partition":0,"offset":42,"timestamp":1,"key":"k","value":{"a":1},"headers":[]}</pre>
 *
 * A key that is no UTF-8 is {@code key_base64}, and none at all is {@code "key":null}. The value is shown as its {@link
 * ValueShape} says, a JSON value with its very bytes; a tombstone is {@code "value":null}. Headers keep their order and
 * duplicates. Reusable; confined to one thread at a time. After an exception from here the writer is of no more use.
 */
public final class RecordWriter {
    private static final JsonFactory JSON =
            JsonFactory.builder().rootValueSeparator((String) null).build();

    private static final SerializableString TOPIC = new SerializedString("topic");
    private static final SerializableString PARTITION = new SerializedString("partition");
    private static final SerializableString OFFSET = new SerializedString("offset");
    private static final SerializableString TIMESTAMP = new SerializedString("timestamp");
    private static final SerializableString KEY = new SerializedString("key");
    private static final SerializableString KEY_BASE64 = new SerializedString("key_base64");
    private static final SerializableString VALUE = new SerializedString("value");
    private static final SerializableString VALUE_TEXT = new SerializedString("value_text");
    private static final SerializableString VALUE_BASE64 = new SerializedString("value_base64");
    private static final SerializableString HEADERS = new SerializedString("headers");
    private static final SerializableString NAME = new SerializedString("name");
    private static final SerializableString NAME_BASE64 = new SerializedString("name_base64");

    private final ValueInspector values = new ValueInspector();
    private final ByteSink sink;
    private final JsonGenerator json;

    public RecordWriter(ByteSink sink) {
        this.sink = sink;
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), sink);
    }

    /** Writes the record a cursor stands on. Nothing is left unwritten when this returns. */
    public void write(String topic, int partition, RecordCursor at, RecordFormat format) {
        byte[] bytes = at.array();
        json.writeStartObject();
        json.writeName(TOPIC).writeString(topic);
        json.writeName(PARTITION).writeNumber(partition);
        json.writeName(OFFSET).writeNumber(at.offset());
        json.writeName(TIMESTAMP).writeNumber(at.timestamp());
        writeText(KEY, KEY_BASE64, bytes, at.keyOffset(), at.keyLength());
        writeValue(bytes, at.valueOffset(), at.valueLength(), format);
        json.writeName(HEADERS).writeStartArray();
        for (int i = 0; i < at.headerCount(); i++) {
            json.writeStartObject();
            writeText(NAME, NAME_BASE64, bytes, at.headerNameOffset(i), at.headerNameLength(i));
            writeText(VALUE, VALUE_BASE64, bytes, at.headerValueOffset(i), at.headerValueLength(i));
            json.writeEndObject();
        }
        json.writeEndArray().writeEndObject();
        json.flush();
    }

    private void writeValue(byte[] bytes, int offset, int length, RecordFormat format) {
        if (length < 0) {
            json.writeName(VALUE).writeNull();
            return;
        }
        switch (format.base64Only() ? ValueShape.BASE64 : values.shapeOf(bytes, offset, length)) {
            case JSON -> {
                // The generator takes no raw bytes: let it write the name and believe a value followed, then copy.
                json.writeName(VALUE).writeRawValue("");
                json.flush();
                if (format.onOneLine()) {
                    sink.writeOnOneLine(bytes, offset, length);
                } else {
                    sink.write(bytes, offset, length);
                }
            }
            case TEXT -> json.writeName(VALUE_TEXT).writeUTF8String(bytes, offset, length);
            case BASE64 ->
                json.writeName(VALUE_BASE64).writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, offset, length);
        }
    }

    private void writeText(
            SerializableString asText, SerializableString asBase64, byte[] bytes, int offset, int length) {
        if (length < 0) {
            json.writeName(asText).writeNull();
        } else if (Utf8.isValid(bytes, offset, offset + length)) {
            json.writeName(asText).writeUTF8String(bytes, offset, length);
        } else {
            json.writeName(asBase64).writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, offset, length);
        }
    }
}

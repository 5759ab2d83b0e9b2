package io.naru.broker.api.v1.read;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.REQUIRED;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a record reads back, for the published contract; the broker itself writes the text straight from the log. */
@Schema(name = "Record", description = """
                One stored record. Exactly one of `value`, `value_text` and `value_base64` is there: JSON bytes are \
                `value`, just as they were stored; other UTF-8 is `value_text`, and so are the four bytes `null`; the \
                rest is `value_base64`. `"value":null` is a tombstone. A key that is no UTF-8 is `key_base64`; a record \
                without a key has `"key":null`.""", example = """
                {"topic":"orders","partition":0,"offset":42,"timestamp":1763800000000,"key":"o-17",\
                "value":{"total":9.90},"headers":[{"name":"type","value":"order"}]}""")
public record RecordView(
        @Schema(requiredMode = REQUIRED) String topic,

        @Schema(requiredMode = REQUIRED) int partition,

        @Schema(description = "A 64-bit number.", requiredMode = REQUIRED)
        long offset,

        @Schema(description = "Epoch milliseconds.", requiredMode = REQUIRED)
        long timestamp,

        @Schema(nullable = true) @Nullable String key,

        @JsonProperty("key_base64") @Schema(format = "byte") @Nullable
        String keyBase64,

        @Schema(
                description = "Any JSON; null is a tombstone.",
                types = {"object", "array", "string", "number", "boolean", "null"})
        @Nullable
        Object value,

        @JsonProperty("value_text") @Nullable String valueText,

        @JsonProperty("value_base64") @Schema(format = "byte") @Nullable
        String valueBase64,

        @Schema(description = "In the order they were written, repeated names included.", requiredMode = REQUIRED)
        List<HeaderView> headers) {

    /** One header of a record. */
    @Schema(
            name = "RecordHeader",
            description =
                    "`value`, or `value_base64` where it is no UTF-8; likewise `name`. `\"value\":null` has no value.")
    public record HeaderView(
            @Nullable String name,

            @JsonProperty("name_base64") @Schema(format = "byte") @Nullable
            String nameBase64,

            @Schema(nullable = true) @Nullable String value,

            @JsonProperty("value_base64") @Schema(format = "byte") @Nullable
            String valueBase64) {}
}

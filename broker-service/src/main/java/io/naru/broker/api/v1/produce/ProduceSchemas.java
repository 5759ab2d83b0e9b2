package io.naru.broker.api.v1.produce;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.broker.api.error.ProblemSchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of produce requests and answers as the published contract describes them. Nothing is read into them or
 * written from them: bodies are parsed where they lie and answers are written as bytes.
 */
final class ProduceSchemas {
    private ProduceSchemas() {}

    @Schema(name = "ProduceRequest")
    record Request(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            List<NewRecord> records) {}

    @Schema(
            name = "NewRecord",
            description = "Exactly one of `value`, `value_text` and `value_base64` is given",
            example = "{\"key\": \"alice\", \"value\": {\"total\": 12.5}, \"headers\": {\"source\": \"web\"}}")
    record NewRecord(
            @Schema(description = "Stored as UTF-8", nullable = true) @Nullable
            String key,

            @Schema(description = "A key of any bytes, in Base64", nullable = true)
            @JsonProperty("key_base64")
            @Nullable
            String keyBase64,

            @Schema(
                    description = "Any JSON, stored as the very bytes that came; null is a tombstone",
                    types = {"object", "array", "string", "number", "boolean", "null"})
            @Nullable
            Object value,

            @Schema(description = "Text, stored as UTF-8") @JsonProperty("value_text")
            String valueText,

            @Schema(description = "Any bytes, in Base64") @JsonProperty("value_base64")
            String valueBase64,

            @Schema(
                    description =
                            "A list, in this order, names may repeat; or a plain object of strings, each name once",
                    oneOf = {HeaderList.class, HeaderMap.class})
            Object headers,

            @Schema(description = "Chosen by the key when left out", minimum = "0")
            Integer partition,

            @Schema(description = "Epoch ms; the time of the append when left out", minimum = "0")
            Long timestamp) {}

    @Schema(name = "HeaderList")
    interface HeaderList extends List<Header> {}

    @Schema(name = "HeaderMap")
    interface HeaderMap extends Map<String, String> {}

    @Schema(name = "Header")
    record Header(
            String name,
            @Nullable String value,
            @JsonProperty("value_base64") String valueBase64) {}

    @Schema(name = "Receipt")
    record Receipt(
            @Schema(example = "0") int partition,
            @Schema(example = "42") long offset,

            @Schema(description = "As stored, in epoch ms", example = "1767225600000")
            long timestamp) {}

    @Schema(name = "Receipts")
    record Receipts(
            @Schema(description = "In the order of the request")
            List<Receipt> offsets) {}

    @Schema(
            name = "ReceiptOrProblem",
            oneOf = {Receipt.class, ProblemSchema.class})
    interface ReceiptOrProblem {}

    @Schema(name = "MixedReceipts")
    record MixedReceipts(
            @Schema(description = "In the order of the request")
            List<ReceiptOrProblem> offsets) {}

    @Schema(name = "LineReceipt")
    record LineReceipt(
            @Schema(description = "The line's number, from 1")
            long line,

            int partition,
            long offset,
            long timestamp) {}

    @Schema(name = "LineProblem")
    static final class LineProblem extends ProblemSchema {
        @Schema(description = "The line's number, from 1")
        public long line;
    }

    @Schema(name = "StreamSummary")
    record Summary(
            @Schema(description = "Lines read, blank ones not counted")
            long received,

            long stored,
            long failed) {}

    @Schema(name = "InvalidRecords")
    static final class InvalidRecords extends ProblemSchema {
        @Schema(description = "The refused records, the first hundred of them")
        public List<RecordError> errors = List.of();

        @Schema(description = "How many more there are")
        @JsonProperty("errors_omitted")
        public @Nullable Integer errorsOmitted;
    }

    @Schema(name = "RecordError")
    record RecordError(
            @Schema(description = "In `records`, from 0") int index,
            @JsonProperty("error_code") int errorCode,
            String detail) {}
}

package io.naru.broker.api.v1.read;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.REQUIRED;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a page across partitions looks, for the published contract. */
@Schema(name = "TopicPage")
public record TopicPageView(
        @Schema(description = "In order within each partition.", requiredMode = REQUIRED)
        List<RecordView> records,

        @Schema(description = "Ask with `from` this for the next page.", requiredMode = REQUIRED, example = "0:43,1:17")
        String cursor,

        @JsonProperty("scanned_to")
        @Schema(
                description =
                        "Only with a filter: nothing before this cursor was left out but what was not wanted. One call looks through 16 MiB at most, so a page may be empty and yet not the last.",
                example = "0:43,1:17")
        @Nullable
        String scannedTo,

        @JsonProperty("high_watermark")
        @Schema(
                description = "From partition number to the offset below which all is acknowledged and can be read.",
                requiredMode = REQUIRED,
                example = "{\"0\":43,\"1\":17}")
        Map<String, Long> highWatermark) {}

package io.naru.broker.api.v1.read;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.REQUIRED;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a page of one partition looks, for the published contract. */
@Schema(name = "PartitionPage")
public record PartitionPageView(
        @Schema(requiredMode = REQUIRED) List<RecordView> records,

        @JsonProperty("next_offset")
        @Schema(description = "Ask with this `offset` for the next page.", requiredMode = REQUIRED)
        long nextOffset,

        @JsonProperty("scanned_to")
        @Schema(
                description =
                        "Only with a filter: below this offset nothing was left out but what was not wanted. One call looks through 16 MiB at most, so a page may be empty and yet not the last.",
                format = "int64")
        @Nullable
        Long scannedTo,

        @JsonProperty("high_watermark")
        @Schema(description = "Below this offset all is acknowledged and can be read.", requiredMode = REQUIRED)
        long highWatermark) {}

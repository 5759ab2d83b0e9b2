package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/** What there is of a partition after a truncation. */
@Schema(name = "Truncation")
record Truncation(
        int partition,

        @Schema(description = "First offset that can be read; above the one asked for where records were gone before")
        @JsonProperty("log_start_offset")
        long logStartOffset,

        @Schema(description = "Readers see offsets below it") @JsonProperty("high_watermark")
        long highWatermark) {}

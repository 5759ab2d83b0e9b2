package io.naru.broker.api.v1.topics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/topics/{topic}/partitions/{partition}/truncate}. */
@Schema(name = "TruncatePartition", example = "{\"before_offset\": 42}")
public record TruncatePartition(
        @Schema(
                description = "Records below it are deleted; at most the high watermark",
                requiredMode = Schema.RequiredMode.REQUIRED,
                minimum = "0")
        @JsonProperty("before_offset")
        @Nullable
        Long beforeOffset) {

    /**
     * The offset.
     *
     * @throws NaruException {@code INVALID_REQUEST} when there is none, or one below 0
     */
    long offset() {
        if (beforeOffset == null || beforeOffset < 0) {
            throw new NaruException(
                    ErrorCode.INVALID_REQUEST,
                    "'before_offset' is " + beforeOffset + "; give an offset, 0 or above. Nothing was deleted.");
        }
        return beforeOffset;
    }
}

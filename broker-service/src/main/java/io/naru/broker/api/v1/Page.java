package io.naru.broker.api.v1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list, or a part of one.
 *
 * @param nextCursor to be sent as {@code cursor} for what follows; null at the end
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Page<T>(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<T> items,

        @Schema(description = "Send it as `cursor` for the next page; null when this is the last", nullable = true)
        @JsonProperty("next_cursor")
        @Nullable
        String nextCursor) {
    /** A list that fits one page. */
    public static <T> Page<T> of(List<T> items) {
        return new Page<>(items, null);
    }
}

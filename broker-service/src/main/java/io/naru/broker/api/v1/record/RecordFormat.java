package io.naru.broker.api.v1.record;

import io.naru.broker.api.web.Parameters;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How records are to be written.
 *
 * @param base64Only show every value as {@code value_base64}, whatever its bytes are
 * @param onOneLine turn line breaks between the tokens of a JSON value into spaces, for output framed by lines
 */
public record RecordFormat(boolean base64Only, boolean onOneLine) {
    /**
     * Reads the parameter {@code value_format}, null where it was left out.
     *
     * @throws io.naru.cluster.NaruException {@code INVALID_PARAMETER}
     */
    public static RecordFormat parse(@Nullable String valueFormat, boolean onOneLine) {
        boolean base64 = Parameters.choice(
                "value_format", valueFormat, Boolean.FALSE, Map.of("auto", Boolean.FALSE, "base64", Boolean.TRUE));
        return new RecordFormat(base64, onOneLine);
    }
}

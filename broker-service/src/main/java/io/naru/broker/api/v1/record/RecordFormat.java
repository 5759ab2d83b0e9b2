package io.naru.broker.api.v1.record;

import io.naru.broker.api.web.Parameters;
import io.naru.broker.api.web.Query;
import java.util.Map;

/**
 * How records are to be written.
 *
 * @param base64Only show every value as {@code value_base64}, whatever its bytes are
 * @param onOneLine turn line breaks between the tokens of a JSON value into spaces, for output framed by lines
 */
public record RecordFormat(boolean base64Only, boolean onOneLine) {
    /** The parameter that chooses how values are shown. */
    public static final String PARAMETER = "value_format";

    /**
     * Reads {@link #PARAMETER}.
     *
     * @throws io.naru.cluster.NaruException {@code INVALID_PARAMETER}
     */
    public static RecordFormat of(Query query, boolean onOneLine) {
        boolean base64 = Parameters.choice(
                PARAMETER, query.get(PARAMETER), Boolean.FALSE, Map.of("auto", Boolean.FALSE, "base64", Boolean.TRUE));
        return new RecordFormat(base64, onOneLine);
    }
}

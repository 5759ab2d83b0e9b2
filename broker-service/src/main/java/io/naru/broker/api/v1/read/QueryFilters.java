package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.api.web.Query;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the filters that every reading call takes: {@code key=} and {@code header.<name>=}. */
public final class QueryFilters {
    /** The parameter that names a key. */
    public static final String KEY = "key";

    /** What the name of a parameter begins with whose rest names a record header. */
    public static final String HEADER_PREFIX = "header.";

    private QueryFilters() {}

    /**
     * The filter a query asks for.
     *
     * @throws NaruException {@code INVALID_PARAMETER} for a header without a name
     */
    public static RecordFilter of(Query query) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 0; i < query.size(); i++) {
            if (query.name(i).startsWith(HEADER_PREFIX)) {
                headers.computeIfAbsent(headerName(query.name(i)), _ -> new ArrayList<>())
                        .add(query.value(i));
            }
        }
        return RecordFilter.of(query.get(KEY), headers);
    }

    private static String headerName(String parameter) {
        if (parameter.length() == HEADER_PREFIX.length()) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "'header.' needs a record header's name behind it, as in header.type=order.");
        }
        return parameter.substring(HEADER_PREFIX.length());
    }
}

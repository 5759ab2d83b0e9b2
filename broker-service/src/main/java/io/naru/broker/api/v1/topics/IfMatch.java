package io.naru.broker.api.v1.topics;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The precondition {@code If-Match} of RFC 9110: change this only if it is still what I saw. */
final class IfMatch {
    private static final Pattern LIST = Pattern.compile("\\s*(?:W/)?\"[^\"]*\"\\s*(?:,\\s*(?:W/)?\"[^\"]*\"\\s*)*");
    private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");

    private IfMatch() {}

    /**
     * The revision a change is meant for, or null for any.
     *
     * @param current the topic's revision as this broker knows it, which may be older than the coordinators'
     * @throws NaruException {@code INVALID_PARAMETER} for a malformed header, {@code PRECONDITION_FAILED} for one that
     *     can never match
     */
    static @Nullable String revision(@Nullable String header, @Nullable String current) {
        if (header == null || header.strip().equals("*")) {
            return null;
        }
        if (!LIST.matcher(header).matches()) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "If-Match takes the ETag of an earlier answer, quotes included; '" + header + "' is none.");
        }
        var strong = new ArrayList<String>();
        Matcher tags = TAG.matcher(header);
        while (tags.find()) {
            if (tags.group(1) == null) {
                strong.add(tags.group(2));
            }
        }
        if (strong.isEmpty()) {
            throw new NaruException(
                    ErrorCode.PRECONDITION_FAILED, "A weak ETag never matches here. Send the ETag as it was given.");
        }
        return current != null && strong.contains(current) ? current : strong.getFirst();
    }
}

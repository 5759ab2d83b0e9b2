package io.naru.broker.api.web;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads parameters of requests; each refusal is {@code INVALID_PARAMETER} and says what would do. */
public final class Parameters {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");

    private Parameters() {}

    /**
     * A whole number between {@code least} and {@code most}, both included; {@code fallback} where {@code text} is null.
     * With a name that ends in {@code _ms} it is a time span.
     */
    public static long longWithin(String name, @Nullable String text, long fallback, long least, long most) {
        if (text == null) {
            return fallback;
        }
        // Long.parseLong alone would take a plus sign, and the digits of other scripts.
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw outside(name, text, least, most);
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw outside(name, text, least, most);
        }
        if (value < least || value > most) {
            throw outside(name, text, least, most);
        }
        return value;
    }

    /** Like {@link #longWithin}. */
    public static int intWithin(String name, @Nullable String text, int fallback, int least, int most) {
        return (int) longWithin(name, text, fallback, least, most);
    }

    /** One of several words; {@code fallback} where {@code text} is null. */
    public static <T> T choice(String name, @Nullable String text, T fallback, Map<String, T> choices) {
        if (text == null) {
            return fallback;
        }
        T chosen = choices.get(text);
        if (chosen == null) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "The parameter '" + name + "' takes " + String.join(" or ", new TreeSet<>(choices.keySet())) + "; '"
                            + text + "' is none of them.");
        }
        return chosen;
    }

    private static NaruException outside(String name, String text, long least, long most) {
        String unit = name.endsWith("_ms") ? " of milliseconds" : "";
        return new NaruException(
                ErrorCode.INVALID_PARAMETER,
                "The parameter '" + name + "' takes a whole number" + unit + " from " + least + " to " + most + "; '"
                        + text + "' is none.");
    }
}

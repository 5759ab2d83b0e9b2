package io.naru.broker.api.v1.read;

import io.naru.broker.api.web.Query;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions of a topic a reader wants.
 *
 * @param only these, or null for all there are and will be
 */
public record Selection(@Nullable SortedSet<Integer> only) {
    /** The parameter that lists them. */
    public static final String PARAMETER = "partitions";

    /** All partitions. */
    public static final Selection ALL = new Selection(null);

    public Selection {
        only = only == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(only));
    }

    /**
     * Reads {@link #PARAMETER}.
     *
     * @throws NaruException {@code INVALID_PARAMETER}
     */
    public static Selection of(Query query) {
        return parse(query.get(PARAMETER));
    }

    /**
     * Reads a list such as {@code 0,2,5}; null, when the caller did not say, is all.
     *
     * @throws NaruException {@code INVALID_PARAMETER}
     */
    public static Selection parse(@Nullable String text) {
        if (text == null) {
            return ALL;
        }
        var only = new TreeSet<Integer>();
        for (String number : text.split(",", -1)) {
            try {
                // Signs and other digits than these would parse, too.
                if (!number.matches("[0-9]{1,10}") || !only.add(Integer.parseInt(number))) {
                    throw refused(text, number);
                }
            } catch (NumberFormatException _) {
                throw refused(text, number);
            }
        }
        return new Selection(only);
    }

    public boolean includes(int partition) {
        return only == null || only.contains(partition);
    }

    /**
     * The partitions wanted of a topic that has {@code count}, ascending.
     *
     * @throws NaruException {@code PARTITION_NOT_FOUND} when one that was named is not there
     */
    public List<Integer> of(String topic, int count) {
        var chosen = new ArrayList<Integer>();
        if (only == null) {
            for (int partition = 0; partition < count; partition++) {
                chosen.add(partition);
            }
            return chosen;
        }
        if (only.last() >= count) {
            throw new NaruException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "Topic '%s' has no partition %d; it has %d, numbered from 0.".formatted(topic, only.last(), count));
        }
        chosen.addAll(only);
        return chosen;
    }

    private static NaruException refused(String text, String number) {
        return new NaruException(
                ErrorCode.INVALID_PARAMETER,
                "'partitions' takes numbers with commas between, each once, such as 0,2,5; in '%s' it is '%s' that is wrong."
                        .formatted(text, number));
    }
}

package io.naru.broker.api.v1.topics;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a page of topics ended: {@code sort number name}, in URL-safe Base64 because it is nobody's business but ours.
 * It stays valid while topics come and go.
 */
final class TopicCursor {
    private TopicCursor() {}

    static String after(TopicSort sort, TopicSort.Place last) {
        String text = sort.word() + " " + last.number() + " " + last.name();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The place a cursor stands for.
     *
     * @throws NaruException {@code INVALID_CURSOR} if it is none, or one of another order
     */
    static TopicSort.Place parse(String cursor, TopicSort sort) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(" ", 3);
            if (parts.length == 3 && parts[0].equals(sort.word())) {
                return new TopicSort.Place(Long.parseLong(parts[1]), parts[2]);
            }
        } catch (IllegalArgumentException e) {
            throw new NaruException(ErrorCode.INVALID_CURSOR, refusal(cursor), e);
        }
        throw new NaruException(ErrorCode.INVALID_CURSOR, refusal(cursor));
    }

    private static String refusal(String cursor) {
        return "'" + cursor + "' is no cursor of this list in this order. Take next_cursor of a page as it is,"
                + " and leave 'sort' as it was.";
    }
}

package io.naru.cluster;

import java.util.List;
import java.util.regex.Pattern;

/** Which topic names are possible. The rules are Kafka's, and a few more that keep files and metrics unambiguous. */
public final class TopicNames {
    /** Longest name, in characters; leaves room for a suffix within the 255 bytes of a file name. */
    public static final int MAX_LENGTH = 249;

    /** What names of internal topics start with. */
    public static final String INTERNAL_PREFIX = "__";

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");
    private static final List<String> FILE_SUFFIXES = List.of(
            ".log", ".index", ".timeindex", ".snapshot", ".checkpoint", ".deleted", ".cleaned", ".swap", ".tmp");

    private TopicNames() {}

    public static boolean isInternal(String name) {
        return name.startsWith(INTERNAL_PREFIX);
    }

    /**
     * Refuses a name no topic of a user can have.
     *
     * @throws NaruException with {@link ErrorCode#INVALID_TOPIC_NAME} and the rule that was broken
     */
    public static void requireUserName(String name) {
        if (name.isEmpty()) {
            throw refused("A topic name must not be empty.");
        }
        if (name.length() > MAX_LENGTH) {
            throw refused(
                    "A topic name has at most " + MAX_LENGTH + " characters; this one has " + name.length() + ".");
        }
        if (name.equals(".") || name.equals("..")) {
            throw refused("A topic name must not be '" + name + "': it would be a folder, not a name.");
        }
        if (!LEGAL.matcher(name).matches()) {
            throw refused("A topic name may hold only ASCII letters, digits, '.', '_' and '-'.");
        }
        if (isInternal(name)) {
            throw refused("Topic names starting with '" + INTERNAL_PREFIX + "' are kept for Naru itself.");
        }
        for (String suffix : FILE_SUFFIXES) {
            if (name.endsWith(suffix)) {
                throw refused("A topic name must not end in '" + suffix + "', which Naru's own files end in.");
            }
        }
    }

    /** Two names with the same key cannot live side by side: metrics and many tools read '.' and '_' as one. */
    public static String collisionKey(String name) {
        return name.replace('.', '_');
    }

    private static NaruException refused(String detail) {
        return new NaruException(ErrorCode.INVALID_TOPIC_NAME, detail);
    }
}

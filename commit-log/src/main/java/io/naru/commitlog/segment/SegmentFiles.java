package io.naru.commitlog.segment;

import java.util.OptionalLong;

/** How the files of a segment are named: its base offset in 20 digits, and what they hold. */
public final class SegmentFiles {
    /** Record batches. */
    public static final String LOG = ".log";
    /** Offset index, whose header is the segment's seal: see {@link IndexHeader}. */
    public static final String INDEX = ".index";
    /** Time index. */
    public static final String TIME_INDEX = ".timeindex";
    /** Bytes that a recovery took out of a log. */
    public static final String CUT = ".cut";

    /** Batches that a compaction is writing: worth nothing yet. */
    public static final String CLEANED = ".cleaned";
    /** Batches that a compaction has written, which stand for those of all segments they span. */
    public static final String SWAP = ".swap";
    /** Batches that are no part of the log any more, for those who are reading them. */
    public static final String DELETED = ".deleted";

    private static final int DIGITS = 20;

    private SegmentFiles() {}

    /** The file name for a base offset, for instance {@code 00000000000000000042.log}. */
    public static String name(long baseOffset, String suffix) {
        return digits(baseOffset) + suffix;
    }

    /** The file name for bytes cut from a position of a segment; {@code attempt} from 1 tells several apart. */
    public static String cutName(long baseOffset, long position, int attempt) {
        return digits(baseOffset) + "-" + position + (attempt == 1 ? "" : "-" + attempt) + CUT;
    }

    /** The file name for batches that were replaced; {@code attempt} from 1 tells several apart. */
    public static String deletedName(long baseOffset, int attempt) {
        return digits(baseOffset) + "-" + attempt + DELETED;
    }

    /** Whether a file is named as {@link #deletedName} does it. */
    public static boolean isDeleted(String name) {
        return name.endsWith(DELETED) && name.matches("[0-9]{20}-[1-9][0-9]*\\.deleted");
    }

    /** The base offset in a file's name, or empty if it is not named in this way. */
    public static OptionalLong baseOffset(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < DIGITS; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(name.substring(0, DIGITS)));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private static String digits(long baseOffset) {
        String digits = Long.toString(baseOffset);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }
}

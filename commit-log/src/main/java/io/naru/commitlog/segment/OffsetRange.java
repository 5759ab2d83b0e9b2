package io.naru.commitlog.segment;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The offsets that a file of batches spans, where its name says so: base offset in 20 digits, a dash, end offset, and
 * what kind of file it is, for instance {@code 00000000000000000042-1000.swap}.
 *
 * @param base of its first segment
 * @param end offset behind it
 */
public record OffsetRange(long base, long end) {
    private static final int DIGITS = 20;

    /** Whether a segment with this base offset lies in it. */
    public boolean holds(long baseOffset) {
        return baseOffset >= base && baseOffset < end;
    }

    /** The file name for this range. */
    public String name(String suffix) {
        return SegmentFiles.name(base, "-" + end + suffix);
    }

    /** The range in a file's name, or empty if it is not named in this way. */
    public static Optional<OffsetRange> in(String name, String suffix) {
        if (!name.endsWith(suffix) || name.length() < DIGITS + 2 + suffix.length() || name.charAt(DIGITS) != '-') {
            return Optional.empty();
        }
        Long base = number(name.substring(0, DIGITS));
        Long end = number(name.substring(DIGITS + 1, name.length() - suffix.length()));
        if (base == null || end == null || end <= base) {
            return Optional.empty();
        }
        OffsetRange range = new OffsetRange(base, end);
        return range.name(suffix).equals(name) ? Optional.of(range) : Optional.empty();
    }

    private static @Nullable Long number(String digits) {
        try {
            return digits.charAt(0) == '-' || digits.charAt(0) == '+' ? null : Long.valueOf(digits);
        } catch (NumberFormatException _) {
            return null;
        }
    }
}

package io.naru.benchmarks.report;

/**
 * What a figure is held to.
 *
 * @param subject of what the limit is one
 * @param direction whether the limit is the least or the most allowed
 * @param limit in the figure's unit, or as a ratio
 */
public record Goal(Subject subject, Direction direction, double limit) {

    /** What is held against the limit. */
    public enum Subject {
        /** The figure's own median. */
        MEDIAN,
        /** Its median divided by that of the figure it stands beside. */
        RATIO
    }

    /** On which side of the limit the good values lie. */
    public enum Direction {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String sign;

        Direction(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    public static Goal atLeast(double limit) {
        return new Goal(Subject.MEDIAN, Direction.AT_LEAST, limit);
    }

    public static Goal atMost(double limit) {
        return new Goal(Subject.MEDIAN, Direction.AT_MOST, limit);
    }

    /** For a figure that stands beside another: at least this share of the other. */
    public static Goal atLeastOfOther(double ratio) {
        return new Goal(Subject.RATIO, Direction.AT_LEAST, ratio);
    }

    boolean isMetBy(double measured) {
        return switch (direction) {
            case AT_LEAST -> measured >= limit;
            case AT_MOST -> measured <= limit;
        };
    }
}

package io.naru.benchmarks.report;

/**
 * What a figure's median is held to.
 *
 * @param direction whether the limit is the least or the most allowed
 * @param limit in the figure's unit
 */
public record Goal(Direction direction, double limit) {

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
        return new Goal(Direction.AT_LEAST, limit);
    }

    public static Goal atMost(double limit) {
        return new Goal(Direction.AT_MOST, limit);
    }

    /** Whether a median reaches the goal. */
    public boolean isMetBy(double median) {
        return switch (direction) {
            case AT_LEAST -> median >= limit;
            case AT_MOST -> median <= limit;
        };
    }
}

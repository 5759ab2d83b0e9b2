package io.naru.benchmarks.report;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is measured, by name and unit. Two figures are the same when all components are.
 *
 * @param suite the suite it belongs to, as the command line names it
 * @param group what was done, where several figures tell of it; else empty
 * @param part what was measured of it, unique within the group
 * @param unit for instance {@code GiB/s}; {@code B/record}
 * @param beside the figure, measured in the same run, that this one is put in relation to: a limit of the machine or
 *     a peer
 * @param goal what the median is held to
 */
public record Figure(
        String suite,
        String group,
        String part,
        String unit,
        @Nullable Figure beside,
        @Nullable Goal goal) {

    /** A figure that stands alone. */
    public static Figure of(String suite, String name, String unit) {
        return new Figure(suite, "", name, unit, null, null);
    }

    /** One of several figures that tell of the same. */
    public static Figure of(String suite, String group, String part, String unit) {
        return new Figure(suite, group, part, unit, null, null);
    }

    /** What identifies it within its suite. */
    public String name() {
        return group.isEmpty() ? part : group + ": " + part;
    }

    /** The same figure, printed with the ratio of its median to the other's. */
    public Figure beside(Figure other) {
        return new Figure(suite, group, part, unit, other, goal);
    }

    /** The same figure, printed with whether its median reaches the goal. */
    public Figure withGoal(Goal wanted) {
        return new Figure(suite, group, part, unit, beside, wanted);
    }
}

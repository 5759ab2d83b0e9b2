package io.naru.benchmarks.suite;

import io.naru.benchmarks.load.Percentiles;
import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Goal;
import io.naru.benchmarks.report.Measurements;

/** The five figures of a latency, in milliseconds. */
record LatencyFigures(Figure p50, Figure p90, Figure p99, Figure p999, Figure max) {
    static LatencyFigures of(String suite, String group, String part) {
        return new LatencyFigures(
                Figure.of(suite, group, part + " p50", "ms"),
                Figure.of(suite, group, part + " p90", "ms"),
                Figure.of(suite, group, part + " p99", "ms"),
                Figure.of(suite, group, part + " p99.9", "ms"),
                Figure.of(suite, group, part + " max", "ms"));
    }

    /** The same, each beside its counterpart. */
    LatencyFigures beside(LatencyFigures other) {
        return new LatencyFigures(
                p50.beside(other.p50),
                p90.beside(other.p90),
                p99.beside(other.p99),
                p999.beside(other.p999),
                max.beside(other.max));
    }

    /** The same, with a goal for the 99th percentile. */
    LatencyFigures withGoalForP99(Goal goal) {
        return new LatencyFigures(p50, p90, p99.withGoal(goal), p999, max);
    }

    void add(Measurements measurements, Percentiles latency) {
        measurements.add(p50, latency.p50());
        measurements.add(p90, latency.p90());
        measurements.add(p99, latency.p99());
        measurements.add(p999, latency.p999());
        measurements.add(max, latency.max());
    }
}

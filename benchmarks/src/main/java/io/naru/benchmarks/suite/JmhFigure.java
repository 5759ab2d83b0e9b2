package io.naru.benchmarks.suite;

import io.naru.benchmarks.report.Figure;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * How a JMH result becomes a figure.
 *
 * @param benchmark class and method, as JMH ends its name
 * @param params that the result must have
 * @param counter the secondary result that is meant; null for the primary
 * @param perUnit what JMH's score is divided by
 */
record JmhFigure(
        Figure figure,
        String benchmark,
        Map<String, String> params,
        @Nullable String counter,
        double perUnit) {
    private static final String BYTES = "bytes";
    private static final String RECORDS = "records";
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final double MILLION = 1e6;

    /** Operations a second, in millions. */
    static JmhFigure millions(Figure figure, String benchmark, Map<String, String> params) {
        return new JmhFigure(figure, benchmark, params, null, MILLION);
    }

    /** Records that went through a cursor, in millions a second. */
    static JmhFigure millionRecords(Figure figure, String benchmark) {
        return new JmhFigure(figure, benchmark, Map.of(), RECORDS, MILLION);
    }

    /** Bytes moved, in GiB/s. */
    static JmhFigure gibibytes(Figure figure, String benchmark, Map<String, String> params) {
        return new JmhFigure(figure, benchmark, params, BYTES, 1 << 30);
    }

    /** Bytes a second, where there are fewer. */
    static JmhFigure mebibytes(Figure figure, String benchmark, Map<String, String> params) {
        return new JmhFigure(figure, benchmark, params, BYTES, 1 << 20);
    }

    /** Operations a second. */
    static JmhFigure operations(Figure figure, String benchmark, Map<String, String> params) {
        return new JmhFigure(figure, benchmark, params, null, 1);
    }

    /** Bytes allocated by an operation, or for each MiB of one that has a size. */
    static JmhFigure allocated(Figure figure, String benchmark, Map<String, String> params) {
        return new JmhFigure(figure, benchmark, params, ALLOCATED, 1);
    }

    boolean isIn(RunResult result) {
        return result.getParams().getBenchmark().endsWith("." + benchmark)
                && params.entrySet().stream()
                        .allMatch(param ->
                                param.getValue().equals(result.getParams().getParam(param.getKey())));
    }

    /**
     * The figure's value.
     *
     * @throws IllegalStateException if JMH measured no such thing
     */
    double valueIn(RunResult result) {
        Result<?> measured = counter == null
                ? result.getPrimaryResult()
                : result.getSecondaryResults().get(counter);
        if (measured == null) {
            throw new IllegalStateException(benchmark + " has no " + counter + ", only "
                    + result.getSecondaryResults().keySet());
        }
        String mebibytes = result.getParams().getParam("mebibytes");
        return measured.getScore()
                / perUnit
                / (ALLOCATED.equals(counter) && mebibytes != null ? Integer.parseInt(mebibytes) : 1);
    }
}

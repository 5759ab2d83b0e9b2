package io.naru.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * Latencies in milliseconds, from a histogram of nanoseconds with three significant digits.
 *
 * @param count how many latencies there were
 */
public record Percentiles(long count, double p50, double p90, double p99, double p999, double max) {

    static Percentiles of(Histogram nanos) {
        return new Percentiles(
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(90) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6,
                nanos.getMaxValue() / 1e6);
    }
}

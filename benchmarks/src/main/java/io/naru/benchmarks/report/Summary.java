package io.naru.benchmarks.report;

import java.util.List;

/**
 * A figure over its repetitions, all in the figure's unit.
 *
 * @param values in the order they were measured, at least one
 */
public record Summary(List<Double> values, double median, double least, double most) {

    static Summary of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a figure without a value has no median");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Summary(List.copyOf(values), median, sorted.getFirst(), sorted.getLast());
    }
}

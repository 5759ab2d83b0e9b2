package io.naru.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of one run, one per figure and repetition, in the order the figures first appeared. For one thread. */
public final class Measurements {
    private final Map<Figure, List<Double>> values = new LinkedHashMap<>();

    /** Adds the value of one repetition, in the figure's unit. */
    public void add(Figure figure, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(figure.name() + " was measured as " + value + ", which is no figure");
        }
        values.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value);
    }

    /** Every figure that has a value. */
    public List<Figure> figures() {
        return List.copyOf(values.keySet());
    }

    /** A figure over its repetitions; empty when it was not measured. */
    public Optional<Summary> summary(Figure figure) {
        return Optional.ofNullable(values.get(figure)).map(Summary::of);
    }

    /** How a figure stands beside what it is compared with; empty when either was not measured. */
    public Optional<Comparison> comparison(Figure figure) {
        Figure other = figure.beside();
        if (other == null) {
            return Optional.empty();
        }
        return summary(figure).flatMap(ours -> summary(other).map(theirs -> Comparison.of(other, ours, theirs)));
    }

    /** Whether a figure reaches its goal; empty when it has none, or what that is about was not measured. */
    public Optional<Boolean> goalMet(Figure figure) {
        Goal goal = figure.goal();
        if (goal == null) {
            return Optional.empty();
        }
        Optional<Double> measured = switch (goal.subject()) {
            case MEDIAN -> summary(figure).map(Summary::median);
            case RATIO -> comparison(figure).map(Comparison::ratio);
        };
        return measured.map(goal::isMetBy);
    }

    /**
     * Two medians of one run.
     *
     * @param other what the figure is compared with
     * @param median the other's median
     * @param ratio our median divided by the other's
     */
    public record Comparison(Figure other, double median, double ratio) {
        private static Comparison of(Figure other, Summary ours, Summary theirs) {
            return new Comparison(other, theirs.median(), ours.median() / theirs.median());
        }
    }
}

package io.naru.benchmarks.report;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A report as a table for people: one line a figure, medians with their spread, and what they are compared with. */
public final class TableFormat {
    private static final List<String> HEAD =
            List.of("figure", "unit", "median", "min", "max", "n", "beside", "its median", "ratio", "goal");

    private TableFormat() {}

    /** The whole report, ending in a line break. */
    public static String format(Report report) {
        StringBuilder text = new StringBuilder();
        text.append("Naru benchmarks, commit ")
                .append(report.commit())
                .append(", ")
                .append(report.started().truncatedTo(ChronoUnit.SECONDS))
                .append('\n')
                .append(report.machine().describe())
                .append('\n')
                .append("./naru bench ")
                .append(report.command())
                .append('\n');
        if (report.quick()) {
            text.append("--quick: times are too short for these figures to be quoted\n");
        }
        List<List<String>> rows = new ArrayList<>();
        String suite = "";
        String group = "";
        for (Figure figure : report.measurements().figures()) {
            if (!figure.suite().equals(suite)) {
                suite = figure.suite();
                group = "";
                rows.add(List.of());
                rows.add(heading(suite));
            }
            if (!figure.group().equals(group)) {
                group = figure.group();
                rows.add(List.of(group));
            }
            rows.add(row(report.measurements(), figure));
        }
        return text.append(aligned(rows)).toString();
    }

    private static List<String> heading(String suite) {
        List<String> heading = new ArrayList<>(HEAD);
        heading.set(0, "[" + suite + "]");
        return heading;
    }

    private static List<String> row(Measurements measurements, Figure figure) {
        Summary summary = measurements.summary(figure).orElseThrow();
        List<String> row = new ArrayList<>(List.of(
                (figure.group().isEmpty() ? "" : "  ") + figure.part(),
                figure.unit(),
                number(summary.median()),
                number(summary.least()),
                number(summary.most()),
                Integer.toString(summary.values().size())));
        measurements
                .comparison(figure)
                .ifPresentOrElse(
                        comparison -> row.addAll(List.of(
                                comparison.other().group().equals(figure.group())
                                        ? comparison.other().part()
                                        : comparison.other().name(),
                                number(comparison.median()),
                                String.format(Locale.ROOT, "%.2f", comparison.ratio()))),
                        () -> row.addAll(List.of("", "", "")));
        row.add(measurements.goalMet(figure).map(met -> goal(figure, met)).orElse(""));
        return row;
    }

    private static String goal(Figure figure, boolean met) {
        Goal goal = Objects.requireNonNull(figure.goal());
        String of = switch (goal.subject()) {
            case MEDIAN -> "";
            case RATIO -> "ratio ";
        };
        return of + goal.direction().sign() + " " + number(goal.limit()) + (met ? " met" : " MISSED");
    }

    /** Three significant digits, thousands grouped; plain zero for zero. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 || size == 0 ? "%.2f" : "%.3f", value);
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                boolean isNumber = (i >= 2 && i <= 5) || i == 7 || i == 8;
                line.append(isNumber ? padding + row.get(i) : row.get(i) + padding)
                        .append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}

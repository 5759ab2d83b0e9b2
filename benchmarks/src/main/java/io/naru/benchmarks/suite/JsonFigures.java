package io.naru.benchmarks.suite;

import static io.naru.benchmarks.suite.JmhFigure.allocated;
import static io.naru.benchmarks.suite.JmhFigure.millions;

import io.naru.benchmarks.report.Figure;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is told of the JMH benchmarks of {@link io.naru.benchmarks.json}. */
final class JsonFigures {
    /** In the order they are measured and printed. */
    static final List<JmhFigure> ALL = Stream.of(
                    of("lines with values of 100 B", "SMALL"),
                    of("lines with values of 1 KiB", "LARGE"),
                    of("lines with values of 1 KiB, field names never seen before", "LARGE_NEW_NAMES"))
            .flatMap(List::stream)
            .toList();

    private JsonFigures() {}

    private static List<JmhFigure> of(String group, String lines) {
        Map<String, String> params = Map.of("lines", lines);
        Figure byBlock = speed(group, "Jackson, a parser a block");
        return List.of(
                millions(byBlock, "JsonLinesBenchmark.jacksonByBlock", params),
                allocated(allocation(group, "  allocated by it"), "JsonLinesBenchmark.jacksonByBlock", params),
                millions(
                        speed(group, "Jackson, a parser a block, UTF-8 checked"),
                        "JsonLinesBenchmark.jacksonByBlockOfUtf8",
                        params),
                millions(speed(group, "Jackson, a parser a line"), "JsonLinesBenchmark.jacksonByLine", params),
                allocated(allocation(group, "  allocated by those"), "JsonLinesBenchmark.jacksonByLine", params),
                millions(speed(group, "Naru").beside(byBlock), "JsonLinesBenchmark.naru", params),
                allocated(allocation(group, "  allocated by Naru"), "JsonLinesBenchmark.naru", params));
    }

    private static Figure speed(String group, String part) {
        return Figure.of("json", group, part, "M records/s");
    }

    private static Figure allocation(String group, String part) {
        return Figure.of("json", group, part, "B/record");
    }
}

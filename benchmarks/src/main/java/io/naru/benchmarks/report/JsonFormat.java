package io.naru.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A report as JSON, every single value included, so that runs can be compared by programs. */
public final class JsonFormat {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonFormat() {}

    /** The whole report as one JSON object. */
    public static String format(Report report) {
        Machine machine = report.machine();
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("cores", machine.cores());
        host.put("cpu", machine.cpu());
        host.put("memory_bytes", machine.memoryBytes());
        host.put("kernel", machine.kernel());
        host.put("jdk", machine.jdk());

        Map<String, Object> root = new LinkedHashMap<>();
        root.put("commit", report.commit());
        root.put("started", report.started().toString());
        root.put("command", report.command());
        root.put("quick", report.quick());
        root.put("machine", host);
        List<Map<String, Object>> figures = new ArrayList<>();
        for (Figure figure : report.measurements().figures()) {
            figures.add(figure(report.measurements(), figure));
        }
        root.put("figures", figures);
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static Map<String, Object> figure(Measurements measurements, Figure figure) {
        Summary summary = measurements.summary(figure).orElseThrow();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("suite", figure.suite());
        json.put("name", figure.name());
        json.put("unit", figure.unit());
        json.put("median", summary.median());
        json.put("min", summary.least());
        json.put("max", summary.most());
        json.put("values", summary.values());
        measurements.comparison(figure).ifPresent(comparison -> {
            Map<String, Object> beside = new LinkedHashMap<>();
            beside.put("name", comparison.other().name());
            beside.put("median", comparison.median());
            beside.put("ratio", comparison.ratio());
            json.put("beside", beside);
        });
        Goal goal = figure.goal();
        if (goal != null) {
            Map<String, Object> wanted = new LinkedHashMap<>();
            wanted.put(
                    switch (goal.direction()) {
                        case AT_LEAST -> "at_least";
                        case AT_MOST -> "at_most";
                    },
                    goal.limit());
            wanted.put(
                    "of",
                    switch (goal.subject()) {
                        case MEDIAN -> "median";
                        case RATIO -> "ratio";
                    });
            measurements.goalMet(figure).ifPresent(met -> wanted.put("met", met));
            json.put("goal", wanted);
        }
        return json;
    }
}

package io.naru.benchmarks.suite;

import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Measurements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Apache Kafka on this machine, by scripts that start, load and measure it. They lie in a folder the user names, write
 * lines of {@code suite, case, repetition, metric, value, unit} (separated by tabs) to {@code $RESULTS}, and have
 * fetched what they need before: {@code peers-fetch}.
 *
 * @param scripts the folder with {@code kafka-up}, {@code kafka-down}, {@code kafka-startup} and {@code kafka-perf}
 * @param folder for results and output; exists
 */
public record KafkaPeer(Path scripts, Path folder) {
    static final Figure FIRST_METADATA = Figure.of("startup", "Apache Kafka: process start → first metadata", "ms");
    static final Figure IDLE_MEMORY = Figure.of("startup", "Apache Kafka: resident memory, idle", "MiB");
    private static final Figure IDLE_CORES = Figure.of("startup", "Apache Kafka: processor, idle", "% of a core");
    private static final Figure PRODUCE =
            Figure.of("http", "Apache Kafka: its own producer, 100 B, acks=all, not forced", "records/s");
    private static final Figure END_TO_END_P50 =
            Figure.of("sse", "Apache Kafka: sent → received, forced, one at a time p50", "ms");
    private static final Figure END_TO_END_P99 =
            Figure.of("sse", "Apache Kafka: sent → received, forced, one at a time p99", "ms");

    /** Start-up and idle cost of one fresh node. */
    void start(Measurements measurements) throws IOException, InterruptedException {
        run(Map.of("REPS", "1"), "kafka-startup", "1");
        run(Map.of(), "kafka-down");
        measurements.add(FIRST_METADATA, last("kafka-startup", "n1", "first_metadata"));
        measurements.add(IDLE_MEMORY, last("kafka-startup", "n1", "idle_rss"));
        measurements.add(IDLE_CORES, last("kafka-startup", "n1", "idle_cpu"));
    }

    /** Throughput of Kafka's producer with its default batches on one node that does not force, as is its default. */
    void produce(int repetition, Measurements measurements) throws IOException, InterruptedException {
        run(Map.of(), "kafka-up", "1");
        try {
            run(
                    Map.of(
                            "REPS",
                            "1",
                            "WARM",
                            "1",
                            "SECS",
                            "10",
                            "SIZES",
                            "100",
                            "ACKS",
                            "all",
                            "BATCHES",
                            "default",
                            "FIRST",
                            Integer.toString(repetition)),
                    "kafka-perf",
                    "naru-bench",
                    "producer");
        } finally {
            run(Map.of(), "kafka-down");
        }
        measurements.add(PRODUCE, last("naru-bench", "produce-100.all.default", "records_per_s"));
    }

    /** From send to receipt by Kafka's consumer, one record at a time, on one node that forces each append. */
    void endToEnd(Measurements measurements) throws IOException, InterruptedException {
        run(Map.of("KAFKA_EXTRA", "log.flush.interval.messages=1"), "kafka-up", "1");
        try {
            run(Map.of("REPS", "1"), "kafka-perf", "naru-bench", "e2e");
        } finally {
            run(Map.of(), "kafka-down");
        }
        measurements.add(END_TO_END_P50, last("naru-bench", "e2e-linger0", "e2e_p50_us") / 1000);
        measurements.add(END_TO_END_P99, last("naru-bench", "e2e-linger0", "e2e_p99_us") / 1000);
    }

    private void run(Map<String, String> environment, String script, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(scripts.resolve(script).toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve("peer-output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("RESULTS", folder.toString());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IOException(script + " ended with code " + code + "; it said:\n" + Files.readString(output));
        }
    }

    /** The value that was written last. */
    private double last(String suite, String name, String metric) throws IOException {
        return Files.readAllLines(folder.resolve(suite + ".tsv")).stream()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields.length == 6 && fields[1].equals(name) && fields[3].equals(metric))
                .reduce((_, later) -> later)
                .map(fields -> Double.parseDouble(fields[4]))
                .orElseThrow(() -> new IOException("the peers' scripts wrote no " + name + " " + metric));
    }
}

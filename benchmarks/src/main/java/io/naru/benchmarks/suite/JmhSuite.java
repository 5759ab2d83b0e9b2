package io.naru.benchmarks.suite;

import static io.naru.benchmarks.suite.LogFigure.allocated;
import static io.naru.benchmarks.suite.LogFigure.gibibytes;
import static io.naru.benchmarks.suite.LogFigure.millionRecords;
import static io.naru.benchmarks.suite.LogFigure.millions;
import static io.naru.benchmarks.suite.LogFigure.named;
import static io.naru.benchmarks.suite.LogFigure.operations;

import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Goal;
import io.naru.benchmarks.report.Measurements;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The JMH benchmarks of {@link io.naru.benchmarks.log}: one fork of each a repetition, on one thread. */
public final class LogSuite implements Suite {
    private static final Map<String, String> SMALL = Map.of("valueBytes", "100");
    private static final Map<String, String> LARGE = Map.of("valueBytes", "1024");
    private static final Map<String, String> BATCH_16K = Map.of("batchBytes", "16384");
    private static final Map<String, String> BATCH_1M = Map.of("batchBytes", "1048576");

    private static final Figure COPY = named("limit: memory copy, 16 KiB", "GiB/s");
    private static final Figure CRC = named("limit: CRC-32C, 16 KiB", "GiB/s");
    private static final Figure FILE_WRITE = named("limit: file write, 16 KiB", "GiB/s");
    private static final Figure FILE_FORCE_16K = named("limit: file write + force, 16 KiB", "/s");
    private static final Figure FILE_FORCE_1M = named("limit: file write + force, 1 MiB", "GiB/s");
    private static final Figure FILE_READ = named("limit: file read, 1 MiB", "GiB/s");

    private static final double BLOCKS_PER_GIB = (1 << 30) / (16.0 * 1024);

    private static final List<LogFigure> FIGURES = List.of(
            new LogFigure(COPY, "LimitBenchmark.memoryCopy", Map.of(), null, BLOCKS_PER_GIB),
            new LogFigure(CRC, "LimitBenchmark.crc32c", Map.of(), null, BLOCKS_PER_GIB),
            millions(
                    named("encode, 100 B values", "M records/s").withGoal(Goal.atLeast(4)),
                    "EncodeBenchmark.values",
                    SMALL),
            allocated(named("  allocated", "B/record").withGoal(Goal.atMost(1)), "EncodeBenchmark.values", SMALL),
            millions(named("encode, 1 KiB values", "M records/s"), "EncodeBenchmark.values", LARGE),
            millions(named("encode, 100 B, key and header", "M records/s"), "EncodeBenchmark.keysAndHeaders", SMALL),
            millions(named("encode, 100 B, zstd", "M records/s"), "EncodeBenchmark.zstd", SMALL),
            millions(
                    named("decode by cursor, 100 B", "M records/s"), "DecodeBenchmark.cursor", Map.of("codec", "NONE")),
            allocated(
                    named("  allocated by the cursor", "B/record").withGoal(Goal.atMost(1)),
                    "DecodeBenchmark.cursor",
                    Map.of("codec", "NONE")),
            millions(
                    named("decode by cursor, 100 B, zstd", "M records/s"),
                    "DecodeBenchmark.cursor",
                    Map.of("codec", "ZSTD")),
            millions(named("format as JSON, 100 B", "M records/s"), "FormatBenchmark.json", Map.of()),
            allocated(named("  allocated by formatting", "B/record"), "FormatBenchmark.json", Map.of()),
            gibibytes(FILE_WRITE, "AppendBenchmark.bareFile", Map.of()),
            gibibytes(
                    named("append, 16 KiB batches, no force", "GiB/s")
                            .beside(FILE_WRITE)
                            .withGoal(Goal.atLeast(1)),
                    "AppendBenchmark.log",
                    Map.of()),
            allocated(named("  allocated by append", "B/MiB"), "AppendBenchmark.log", Map.of()),
            operations(FILE_FORCE_16K, "ForcedAppendBenchmark.bareFile", BATCH_16K),
            operations(
                    named("append + force, 16 KiB", "/s").beside(FILE_FORCE_16K),
                    "ForcedAppendBenchmark.log",
                    BATCH_16K),
            gibibytes(FILE_FORCE_1M, "ForcedAppendBenchmark.bareFile", BATCH_1M),
            gibibytes(
                    named("append + force, 1 MiB", "GiB/s").beside(FILE_FORCE_1M),
                    "ForcedAppendBenchmark.log",
                    BATCH_1M),
            gibibytes(FILE_READ, "ReadBenchmark.bareFile", Map.of()),
            gibibytes(
                    named("read 1 MiB slices into a buffer", "GiB/s").beside(FILE_READ),
                    "ReadBenchmark.intoBuffer",
                    Map.of()),
            millionRecords("read 1 MiB slices by cursor", "ReadBenchmark.throughCursor"),
            millions(named("find an offset", "M/s"), "LookupBenchmark.byOffset", Map.of()),
            millions(named("find a time", "M/s"), "LookupBenchmark.byTime", Map.of()));
    private final Settings settings;

    /** Prepares nothing: JMH does. */
    public LogSuite(Settings settings) {
        this.settings = settings;

        // JMH's lock is for two people on one machine; here a repetition would only wait for the one before.
        System.setProperty("jmh.ignoreLock", "true");
    }

    /** Figures that one repetition measures. */
    static int figureCount() {
        return FIGURES.size();
    }

    @Override
    public void repeat(int repetition, Measurements measurements) throws IOException {
        List<RunResult> results = new ArrayList<>();
        for (String benchmark :
                FIGURES.stream().map(LogFigure::benchmark).distinct().toList()) {
            settings.progress().accept(benchmark);
            try {
                results.addAll(new Runner(options(benchmark)).run());
            } catch (RunnerException e) {
                throw new IOException("JMH did not finish " + benchmark + ": " + e.getMessage(), e);
            }
        }
        for (LogFigure wanted : FIGURES) {
            results.stream()
                    .filter(wanted::isIn)
                    .forEach(result -> measurements.add(wanted.figure(), wanted.valueIn(result)));
        }
    }

    private Options options(String benchmark) {
        return new OptionsBuilder()
                .include("\\." + benchmark.replace(".", "\\.") + "$")
                .forks(settings.forks())
                .warmupIterations(settings.quick() ? 1 : 3)
                .warmupTime(TimeValue.milliseconds(settings.quick() ? 100 : 1000))
                .measurementIterations(settings.quick() ? 1 : 5)
                .measurementTime(TimeValue.milliseconds(settings.quick() ? 100 : 1000))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-Dnaru.benchmarks.data=" + settings.folder())
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .param("mebibytes", settings.quick() ? "4" : "256")
                .build();
    }

    @Override
    public void close() {
        // nothing runs between repetitions
    }
}

package io.naru.benchmarks.suite;

import io.naru.benchmarks.report.Measurements;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH benchmarks: one fork of each a repetition, on one thread. */
public final class JmhSuite implements Suite {
    private final Settings settings;
    private final List<JmhFigure> figures;

    /** The commit log, and what the machine can do without it. */
    public static JmhSuite log(Settings settings) {
        return new JmhSuite(settings, LogFigures.ALL);
    }

    /** Reading records sent as JSON. */
    public static JmhSuite json(Settings settings) {
        return new JmhSuite(settings, JsonFigures.ALL);
    }

    private JmhSuite(Settings settings, List<JmhFigure> figures) {
        this.settings = settings;
        this.figures = figures;

        // JMH's lock is for two people on one machine; here a repetition would only wait for the one before.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Override
    public void repeat(int repetition, Measurements measurements) throws IOException {
        List<RunResult> results = new ArrayList<>();
        for (String benchmark :
                figures.stream().map(JmhFigure::benchmark).distinct().toList()) {
            settings.progress().accept(benchmark);
            try {
                results.addAll(new Runner(options(benchmark)).run());
            } catch (RunnerException e) {
                throw new IOException("JMH did not finish " + benchmark + ": " + e.getMessage(), e);
            }
        }
        for (JmhFigure wanted : figures) {
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

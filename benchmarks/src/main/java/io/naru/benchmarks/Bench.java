package io.naru.benchmarks;

import io.naru.benchmarks.report.Commit;
import io.naru.benchmarks.report.JsonFormat;
import io.naru.benchmarks.report.Machine;
import io.naru.benchmarks.report.Measurements;
import io.naru.benchmarks.report.Report;
import io.naru.benchmarks.report.TableFormat;
import io.naru.benchmarks.suite.Settings;
import io.naru.benchmarks.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./naru bench}: runs suites of benchmarks and prints a table of their figures, with the machine and the commit
 * they belong to. Progress goes to standard error, the table alone to standard output.
 */
@Command(
        name = "./naru bench",
        header = "Measure Naru on this machine and print a table.",
        sortOptions = false,
        usageHelpWidth = 100,
        usageHelpAutoWidth = false,
        description = {
            "Starts what it needs on free ports with data among the temporary files,"
                    + " warms it up, measures in repetitions, and prints the median, least and most of each figure"
                    + " beside the machine's limits.",
            ""
        })
public final class Bench implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "SUITE",
            defaultValue = "all",
            description = "log, json, http, sse, startup, recovery, compaction or all (default: ${DEFAULT-VALUE})")
    private List<String> suites = List.of();

    @Option(
            names = "--reps",
            paramLabel = "N",
            defaultValue = "5",
            description = "repetitions of everything (default: ${DEFAULT-VALUE}; with --quick 1)")
    private int repetitions;

    @Option(names = "--json", paramLabel = "FILE", description = "also write every value to this file, as JSON")
    private @Nullable Path json;

    @Mixin
    private BenchOptions options;

    @Spec
    private CommandSpec spec;

    private final String commandLine;

    private Bench(String[] arguments) {
        this.commandLine = String.join(" ", arguments);
        this.options = new BenchOptions();
        this.spec = CommandSpec.create();
    }

    /** The program. Exit codes: 0 done, 1 a benchmark failed, 2 wrong arguments. */
    public static void main(String[] arguments) {
        System.exit(command(arguments).execute(arguments));
    }

    /** The program for callers that go on afterwards. */
    static CommandLine command(String... arguments) {
        return new CommandLine(new Bench(arguments)).setExecutionExceptionHandler((failure, line, _) -> {
            line.getErr().println("naru bench: " + failure.getMessage());
            for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                line.getErr().println("  because of " + cause);
            }
            return 1;
        });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter progress = spec.commandLine().getErr();
        List<SuiteKind> kinds = SuiteKind.named(suites, spec.commandLine());
        int rounds = options.quick() ? 1 : repetitions;
        Instant started = Instant.now();
        Measurements measurements = new Measurements();
        try (Workspace workspace = Workspace.create(options.dataParent())) {
            for (SuiteKind kind : kinds) {
                Settings settings = options.settings(workspace.folder(kind.title()), spec.commandLine(), text -> {
                    progress.println(kind.title() + ": " + text);
                    progress.flush();
                });
                try (Suite suite = kind.open(settings)) {
                    for (int repetition = 1; repetition <= rounds; repetition++) {
                        progress.println(kind.title() + ": repetition " + repetition + " of " + rounds);
                        suite.repeat(repetition, measurements);
                    }
                }
            }
        }
        Report report = new Report(
                Machine.here(), Commit.of(options.sources()), started, commandLine, options.quick(), measurements);
        spec.commandLine().getOut().print(TableFormat.format(report));
        spec.commandLine().getOut().flush();
        if (json != null) {
            Files.writeString(json, JsonFormat.format(report));
        }
        return 0;
    }
}

package io.naru.standalone.cli;

import io.naru.standalone.StartException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Describes {@code ./naru bench}, which the script hands to the benchmarks module. */
@Command(
        name = "bench",
        header = "Measure Naru on this machine and print a table.",
        sortOptions = false,
        usageHelpAutoWidth = false)
final class BenchCommand extends Subcommand {
    @Parameters(
            paramLabel = "SUITE",
            arity = "0..*",
            description = "log, json, http, sse, startup or all (the default).")
    private List<String> suites = List.of();

    @Override
    public Integer call() {
        throw new StartException("'bench " + String.join(" ", suites) + "' is run by the naru script");
    }
}

package io.naru.standalone.cli;

import io.naru.standalone.StartException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Describes {@code ./naru test}, which the script itself runs: it needs the sources, not what was built of them. */
@Command(
        name = "test",
        header = "Build every module and run all tests.",
        description = {
            "Units, properties, architecture, and real processes that are killed and started again. Prints each test "
                    + "class, and at the end how many tests passed."
        },
        sortOptions = false,
        usageHelpAutoWidth = false)
final class TestCommand extends Subcommand {
    @Parameters(
            paramLabel = "MAVEN-OPTION",
            arity = "0..*",
            description = "Passed on to Maven, e.g. -pl commit-log -am to test one module and what it needs.")
    private List<String> mavenOptions = List.of();

    @Override
    public Integer call() {
        throw new StartException("'test " + String.join(" ", mavenOptions) + "' is run by the naru script");
    }
}

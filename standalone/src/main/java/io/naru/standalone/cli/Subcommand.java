package io.naru.standalone.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: {@code --help}, and somewhere to print to. */
abstract class Subcommand implements Callable<Integer> {
    /** Set by picocli before {@link #call}. */
    @Spec
    CommandSpec spec = CommandSpec.create();

    /** Acted on by picocli, which then does not {@link #call}. */
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this.",
            order = Integer.MAX_VALUE)
    boolean helpAsked;

    /** Prints one or more lines for the person who called, at once. */
    final void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}

package io.naru.standalone.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the help of everything or of one command. The script answers it from files, so that it works unbuilt. */
@Command(
        name = "help",
        header = "Show this, or the help of a command.",
        sortOptions = false,
        usageHelpAutoWidth = false)
final class HelpCommand extends Subcommand {
    @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "The command.", defaultValue = "")
    private String command = "";

    @Override
    public Integer call() {
        CommandLine all = spec.commandLine().getParent();
        CommandLine wanted = command.isEmpty() ? all : all.getSubcommands().getOrDefault(command, all);
        wanted.usage(spec.commandLine().getOut());
        return 0;
    }
}

package io.naru.standalone.cli;

import io.naru.standalone.StartException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The commands of {@code ./naru}. */
@Command(
        name = "./naru",
        description = "Naru, an event streaming platform whose native tongue is HTTP.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = false,
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  JAVA_HOME        the JDK to use if it is 25 or later; else one is looked for in the usual places",
            "  NARU_JDK_PATH    folders of JDKs, separated by blanks, to look in instead of the usual places",
            "  NARU_JVM_OPTS    more options for the JVM, e.g. NARU_JVM_OPTS='-Xmx2g'",
            "  NARU_AOT=off     start without the JVM's ahead-of-time cache, and don't make one",
            "  NARU_NO_BUILD=1  run what was built last, whatever changed since",
            "",
            "`./naru COMMAND --help` tells a command's options."
        },
        subcommands = {
            Up.class,
            Down.class,
            Status.class,
            TestCommand.class,
            BenchCommand.class,
            HelpCommand.class,
            Train.class
        })
public final class Naru {
    private static final int WIDTH = 100;

    private Naru() {}

    /** Runs one command and exits: 0 when it did what it should, 1 when not, 2 when it was asked wrongly. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands with all their options and texts. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Naru());
        line.setUsageHelpWidth(WIDTH);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setParameterExceptionHandler((e, _) -> complain(
                line.getErr(),
                e.getMessage() + " (./naru " + e.getCommandLine().getCommandName() + " --help tells the options)",
                2));
        line.setExecutionExceptionHandler((e, _, _) -> switch (e) {
            case StartException known -> complain(line.getErr(), known.line(), 1);
            default -> {
                e.printStackTrace(line.getErr());
                yield complain(line.getErr(), "this is a fault of Naru, not yours: " + e, 1);
            }
        });
        return line;
    }

    private static int complain(PrintWriter to, String what, int exitCode) {
        to.println("naru: " + what);
        to.flush();
        return exitCode;
    }
}

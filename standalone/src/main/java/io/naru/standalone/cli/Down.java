package io.naru.standalone.cli;

import io.naru.standalone.DataFolder;
import io.naru.standalone.RunFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops what runs on a data folder. */
@Command(
        name = "down",
        header = "Stop the Naru that runs on a data folder.",
        description = "Waits until it has: open requests end, everything goes to disk. Does nothing if none runs.",
        sortOptions = false,
        usageHelpAutoWidth = false)
final class Down extends Subcommand {
    private static final long LIMIT_SECONDS = 60;

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        DataFolder folder = data.folder();
        Map<ProcessHandle, List<RunFile>> running = new LinkedHashMap<>();
        for (RunFile file : RunFile.readAll(folder.run())) {
            file.process().ifPresent(process -> running.merge(process, List.of(file), Down::join));
            if (!file.isLive()) {
                file.delete(folder.run());
            }
        }
        if (running.isEmpty()) {
            say("Nothing runs on " + folder.root() + ".");
        }
        int exitCode = 0;
        for (Map.Entry<ProcessHandle, List<RunFile>> entry : running.entrySet()) {
            exitCode = Math.max(exitCode, stop(entry.getKey(), entry.getValue()));
        }
        return exitCode;
    }

    private int stop(ProcessHandle process, List<RunFile> roles) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        String who = roles.stream().map(file -> file.role() + " " + file.id()).collect(Collectors.joining(" and "));
        say("Stopping " + who + " (pid " + process.pid() + ") …");
        process.destroy();
        try {
            process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            spec.commandLine()
                    .getErr()
                    .println("naru: pid " + process.pid() + " still runs after " + LIMIT_SECONDS + " s; 'kill -9 "
                            + process.pid() + "' ends it, and nothing acknowledged is lost by that");
            return 1;
        }
        say("Stopped after " + Seconds.since(began) + ".");
        return 0;
    }

    private static List<RunFile> join(List<RunFile> some, List<RunFile> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}

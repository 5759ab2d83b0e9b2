package io.naru.standalone.cli;

import io.naru.standalone.DataFolder;
import io.naru.standalone.RunFile;
import io.naru.standalone.StandaloneSettings;
import io.naru.standalone.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Starts {@code ./naru up} as a process of its own that outlives this one and its terminal, and waits until it is
 * ready. Whoever interrupts the wait stops that process, too.
 */
final class BackgroundStart {
    private static final long POLL_MS = 10;
    private static final int LAST_LINES = 15;

    private final StandaloneSettings settings;
    private final DataFolder folder;
    private final Consumer<String> out;
    private final Path console;

    BackgroundStart(StandaloneSettings settings, DataFolder folder, Consumer<String> out) {
        this.settings = settings;
        this.folder = folder;
        this.out = out;
        this.console = folder.logs().resolve("console.log");
    }

    /**
     * Returns once the process is ready.
     *
     * @throws StartException with the process' own words when it ends before
     */
    void run() throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(console.toFile())
                .start();
        Thread stopToo = new Thread(process::destroy, "stop-background-start");
        Runtime.getRuntime().addShutdownHook(stopToo);
        out.accept("Starting in the background, pid " + process.pid() + " …");
        while (!isReady(process.pid())) {
            if (!process.isAlive()) {
                throw new StartException(lastWords());
            }
            Thread.sleep(POLL_MS);
        }
        Runtime.getRuntime().removeShutdownHook(stopToo);
        out.accept("Ready after " + Seconds.since(began) + ".");
        out.accept(Welcome.text(settings, folder, Welcome.stopCommand(folder)));
    }

    private List<String> command() {
        String launcher = System.getenv("NARU_LAUNCHER");
        if (launcher == null) {
            throw new StartException("--detach needs the naru script, which says in NARU_LAUNCHER where it is");
        }
        // A session of its own keeps the terminal's Ctrl-C and hang-up away; where there is no setsid, nohup does half.
        List<String> command = new ArrayList<>(List.of(onPath("setsid") ? "setsid" : "nohup", launcher, "up"));
        command.addAll(List.of("--port", Integer.toString(settings.port())));
        command.addAll(List.of("--coordinator-port", Integer.toString(settings.coordinatorPort())));
        command.addAll(List.of("--data", folder.root().toString()));
        settings.properties().forEach((property, value) -> command.addAll(List.of("--set", property + "=" + value)));
        return command;
    }

    private static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private boolean isReady(long pid) {
        List<RunFile> all = RunFile.readAll(folder.run());
        return !all.isEmpty() && all.stream().allMatch(file -> file.pid() == pid && file.ready());
    }

    /** The one line in which the process said why it ended, else the last of what it printed and logged. */
    private String lastWords() throws IOException {
        List<String> printed = Files.readAllLines(console);
        String last = printed.isEmpty() ? "" : printed.getLast();
        if (last.startsWith("naru: ")) {
            return last.substring("naru: ".length());
        }
        Path log = folder.logs().resolve("naru.log");
        List<String> logged = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return "it ended before it was ready. The last lines of " + console + ":\n" + tail(printed) + "\nand of " + log
                + ":\n" + tail(logged);
    }

    private static String tail(List<String> lines) {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}

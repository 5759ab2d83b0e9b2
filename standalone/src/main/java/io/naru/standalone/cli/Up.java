package io.naru.standalone.cli;

import io.naru.standalone.DataFolder;
import io.naru.standalone.Standalone;
import io.naru.standalone.StandaloneSettings;
import io.naru.standalone.StartException;
import io.naru.standalone.log.LogFile;
import io.naru.standalone.properties.KnownProperties;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Starts Naru, in the foreground or in the background. */
@Command(
        name = "up",
        header = "Start Naru on this machine, building it first if sources changed.",
        description = {
            "A coordinator and a broker in one process, reachable from this machine only. Says \"Ready\" once records "
                    + "can be written, and runs until Ctrl-C or ./naru down."
        },
        sortOptions = false,
        usageHelpAutoWidth = false)
final class Up extends Subcommand {
    private static final int HIGHEST_PORT = 65_535;

    @Option(
            names = "--port",
            defaultValue = "8080",
            paramLabel = "PORT",
            description = "Where the first broker listens; broker i takes PORT + i - 1 (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--coordinator-port",
            defaultValue = "9080",
            paramLabel = "PORT",
            description = "The same for the coordinators (default: ${DEFAULT-VALUE}).")
    private int coordinatorPort;

    @Option(
            names = "--brokers",
            defaultValue = "1",
            paramLabel = "N",
            description = "How many brokers; this version runs one (default: ${DEFAULT-VALUE}).")
    private int brokers;

    @Option(
            names = "--coordinators",
            defaultValue = "1",
            paramLabel = "N",
            description = "How many coordinators; this version runs one (default: ${DEFAULT-VALUE}).")
    private int coordinators;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--detach", description = "Run in the background; return once ready, or say why not.")
    private boolean detach;

    @Option(
            names = "--set",
            paramLabel = "PROPERTY=VALUE",
            converter = Setting.Converter.class,
            description = "Set a property of both services, e.g. --set log.segment.bytes=1048576. Can be repeated.")
    private List<Setting> settings = List.of();

    @Override
    public Integer call() throws Exception {
        DataFolder folder = data.folder();
        StandaloneSettings wanted = settings(folder);
        if (detach) {
            folder.prepare();
            new BackgroundStart(wanted, folder, this::say).run();
            return 0;
        }
        runHere(wanted, folder);
        return 0;
    }

    private StandaloneSettings settings(DataFolder folder) {
        requirePort("--port", port);
        requirePort("--coordinator-port", coordinatorPort);
        if (brokers != 1 || coordinators != 1) {
            throw new StartException("this version runs one broker and one coordinator; asked for were " + brokers
                    + " and " + coordinators);
        }
        requireKnown(settings);
        Map<String, String> properties = new HashMap<>();
        settings.forEach(setting -> properties.put(setting.property(), setting.value()));
        return new StandaloneSettings(folder.root(), port, coordinatorPort, properties);
    }

    private void requireKnown(List<Setting> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        KnownProperties known = KnownProperties.ofBothServices();
        for (Setting setting : wanted) {
            if (!known.contains(setting.property())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is no property '" + setting.property() + "'"
                                + known.nearest(setting.property())
                                        .map(nearest -> "; did you mean " + nearest + "?")
                                        .orElse("; docs/configuration.md lists them"));
            }
        }
    }

    private void requirePort(String option, int value) {
        if (value < 1 || value > HIGHEST_PORT) {
            throw new ParameterException(
                    spec.commandLine(), option + " takes a port from 1 to " + HIGHEST_PORT + ", not " + value);
        }
    }

    /** Runs until the process is told to end. */
    private void runHere(StandaloneSettings settings, DataFolder folder) throws InterruptedException {
        long began = System.nanoTime();
        say("Starting a coordinator and a broker on " + folder.root() + " …");
        LogFile.use(folder.logs().resolve("naru.log"), settings.properties());
        Standalone naru = Standalone.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(naru), "stop"));
        say("Ready after " + Seconds.since(began) + ".");
        say(Welcome.text(settings, folder, "Ctrl-C, or " + Welcome.stopCommand(folder) + " from elsewhere"));
        new CountDownLatch(1).await();
    }

    private void stop(Standalone naru) {
        long began = System.nanoTime();
        say("Stopping: open requests end, everything goes to disk …");
        naru.close();
        say("Stopped after " + Seconds.since(began) + ".");
    }
}

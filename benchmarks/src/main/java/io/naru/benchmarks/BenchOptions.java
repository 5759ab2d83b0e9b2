package io.naru.benchmarks;

import io.naru.benchmarks.load.Window;
import io.naru.benchmarks.services.NaruServer;
import io.naru.benchmarks.suite.KafkaPeer;
import io.naru.benchmarks.suite.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How the benchmarks are run, as far as the command line says it. */
final class BenchOptions {

    @Option(
            names = "--quick",
            description = "one short repetition without warm-up, to see that everything runs; its figures say nothing")
    private boolean quick;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "of each load, unmeasured (default: ${DEFAULT-VALUE})")
    private double warmUpSeconds;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "of each load, measured (default: ${DEFAULT-VALUE})")
    private double durationSeconds;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "of a load that shows throughput (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            defaultValue = "100",
            description = "of each record sent over HTTP (default: ${DEFAULT-VALUE})")
    private int valueBytes;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "requests a second of a load that shows latency (default: ${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "6",
            description = "of the topics written to over HTTP (default: ${DEFAULT-VALUE})")
    private int partitions;

    @Option(
            names = "--recovery-partitions",
            paramLabel = "N",
            defaultValue = "200",
            description = "opened by the recovery suite (default: ${DEFAULT-VALUE}; its goals are for 1000)")
    private int recoveryPartitions;

    @Option(
            names = "--recovery-mebibytes",
            paramLabel = "N",
            defaultValue = "1024",
            description = "that these hold together (default: ${DEFAULT-VALUE}; its goals are for 10240)")
    private long recoveryMebibytes;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "put all data in a new folder in this one, to measure its disk (default: temporary files)")
    private Path data = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--naru",
            paramLabel = "SCRIPT",
            defaultValue = "${env:NARU_LAUNCHER}",
            description = "the naru script to start servers with (default: the one that was called)")
    private @Nullable Path naru;

    @Option(
            names = "--peers",
            paramLabel = "FOLDER",
            arity = "0..1",
            fallbackValue = "${env:NARU_BENCH_PEERS}",
            description =
                    "also measure Apache Kafka with the scripts kafka-up, kafka-down, kafka-startup and kafka-perf"
                            + " of this folder (default: the environment's NARU_BENCH_PEERS)")
    private @Nullable Path peers;

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "1",
            description = "JVMs that JMH starts for each benchmark; 0 runs them in this one, for debuggers"
                    + " (default: ${DEFAULT-VALUE})")
    private int forks;

    /** Acted on by picocli, which then runs nothing. */
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    boolean helpAsked;

    boolean quick() {
        return quick;
    }

    Path dataParent() {
        return data;
    }

    /** A folder of the sources that are measured. */
    Path sources() {
        Path parent = naru == null ? null : naru.toAbsolutePath().getParent();
        return parent == null ? Path.of("").toAbsolutePath() : parent;
    }

    /**
     * The settings of one suite.
     *
     * @param folder for its data and output; exists
     * @param line to complain to
     */
    Settings settings(Path folder, CommandLine line, Consumer<String> progress) throws IOException {
        return new Settings(
                quick,
                quick
                        ? new Window(Duration.ZERO, Duration.ofMillis(500))
                        : new Window(seconds(warmUpSeconds), seconds(durationSeconds)),
                connections,
                valueBytes,
                rate,
                partitions,
                quick
                        ? new Settings.Recovery(10, 10 << 20)
                        : new Settings.Recovery(recoveryPartitions, recoveryMebibytes << 20),
                Duration.ofSeconds(quick ? 1 : 10),
                folder,
                forks,
                () -> launcher(line),
                kafka(folder, line),
                progress);
    }

    private NaruServer.Launcher launcher(CommandLine line) {
        if (naru == null || !Files.isExecutable(naru)) {
            throw new CommandLine.ParameterException(
                    line, "there is no naru script at " + naru + "; start with ./naru bench, or name it with --naru");
        }
        return NaruServer.Launcher.script(naru.toAbsolutePath());
    }

    private Optional<KafkaPeer> kafka(Path folder, CommandLine line) throws IOException {
        if (peers == null) {
            return Optional.empty();
        }
        if (!Files.isExecutable(peers.resolve("kafka-up"))) {
            throw new CommandLine.ParameterException(line, "there is no script kafka-up in the peers' folder " + peers);
        }
        return Optional.of(new KafkaPeer(peers.toAbsolutePath(), Files.createDirectory(folder.resolve("peers"))));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}

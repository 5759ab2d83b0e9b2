package io.naru.benchmarks.suite;

import io.naru.benchmarks.load.Window;
import io.naru.benchmarks.services.NaruServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the command line asked for.
 *
 * @param quick whether only to show that everything runs
 * @param window of each load
 * @param connections of a load that is to show throughput
 * @param valueBytes of each record in the HTTP and SSE suites
 * @param rate of a paced load, requests a second
 * @param partitions of the topics of the HTTP suite
 * @param recovery what the recovery suite opens
 * @param idle how long a server is left alone before its memory is read
 * @param folder for data and output, on the disk that is measured; exists
 * @param forks of JMH for each benchmark and repetition: 1, or 0 to stay in this JVM
 * @param launcher how to start Naru; asked only when one is started
 * @param peers Apache Kafka to measure beside, when there are scripts for it
 * @param progress is told what is being measured
 */
public record Settings(
        boolean quick,
        Window window,
        int connections,
        int valueBytes,
        double rate,
        int partitions,
        Recovery recovery,
        Duration idle,
        Path folder,
        int forks,
        Supplier<NaruServer.Launcher> launcher,
        Optional<KafkaPeer> peers,
        Consumer<String> progress) {

    /** So many partitions that hold so many bytes together. */
    public record Recovery(int logs, long bytes) {}
}

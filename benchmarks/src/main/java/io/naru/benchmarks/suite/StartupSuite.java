package io.naru.benchmarks.suite;

import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Goal;
import io.naru.benchmarks.report.Measurements;
import io.naru.benchmarks.services.NaruServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * From {@code ./naru up} with an empty data folder until the first record has been acknowledged, and what the process
 * holds and does when it is then left alone. Everything has been built before.
 */
public final class StartupSuite implements Suite {
    private static final String SUITE = "startup";

    // What single-node Apache Kafka needs; `--peers` measures it beside.
    private static final Goal FIRST_RECORD_GOAL = Goal.atMost(3300);
    private static final Goal MEMORY_GOAL = Goal.atMost(364);

    private final Settings settings;
    private final Figure firstRecord;
    private final Figure memory;
    private final Figure idleCores;

    /** Starts and stops Naru once, so that whatever a first start prepares is prepared. */
    public StartupSuite(Settings settings) throws IOException {
        this.settings = settings;
        Figure first = Figure.of(SUITE, "process start → first record acknowledged", "ms");
        Figure resident = Figure.of(SUITE, "resident memory, idle", "MiB");
        this.firstRecord = (settings.peers().isPresent() ? first.beside(KafkaPeer.FIRST_METADATA) : first)
                .withGoal(FIRST_RECORD_GOAL);
        this.memory = (settings.peers().isPresent() ? resident.beside(KafkaPeer.IDLE_MEMORY) : resident)
                .withGoal(MEMORY_GOAL);
        this.idleCores = Figure.of(SUITE, "processor, idle", "% of a core");
        if (!settings.quick()) {
            settings.progress().accept("a first start, unmeasured");
            NaruServer.start(settings.launcher().get().mayBuild(), folder(0)).close();
        }
    }

    @Override
    public void repeat(int repetition, Measurements measurements) throws IOException, InterruptedException {
        settings.progress().accept("start " + repetition);
        try (NaruServer naru = NaruServer.start(settings.launcher().get(), folder(repetition))) {
            measurements.add(firstRecord, naru.untilFirstRecord().toNanos() / 1e6);
            Duration cpu = naru.cpu();
            TimeUnit.NANOSECONDS.sleep(settings.idle().toNanos());
            measurements.add(memory, naru.residentBytes() / (double) (1 << 20));
            measurements.add(
                    idleCores,
                    100.0 * naru.cpu().minus(cpu).toNanos() / settings.idle().toNanos());
        }
        if (settings.peers().isPresent()) {
            settings.progress().accept("Apache Kafka, start " + repetition);
            settings.peers().get().start(measurements);
        }
    }

    private Path folder(int number) throws IOException {
        return Files.createDirectory(settings.folder().resolve("start-" + number));
    }

    @Override
    public void close() {
        // each start has ended by itself
    }
}

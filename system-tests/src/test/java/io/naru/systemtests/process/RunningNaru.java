package io.naru.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Naru in the foreground of a process of its own, ready to serve. It can be ended in several ways and started again
 * on the same data and ports. Used by one thread.
 */
public final class RunningNaru implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path data;
    private final FreePorts ports;
    private final List<String> options;
    private final Path console;
    private Process process;

    private RunningNaru(Path data, FreePorts ports, List<String> options, Path console) {
        this.data = data;
        this.ports = ports;
        this.options = options;
        this.console = console;
        this.process = launch();
    }

    /** Starts on this data folder and free ports, and waits until it says that it is ready. */
    public static RunningNaru start(Path data, String... options) {
        Path console = data.resolveSibling(data.getFileName() + "-console.log");
        RunningNaru naru = new RunningNaru(data, FreePorts.find(), List.of(options), console);
        naru.awaitReady();
        return naru;
    }

    /** Starts anew on the same data and ports, after {@link #kill} or {@link #terminate}. */
    public void startAgain() {
        assertThat(process.isAlive()).as("still running").isFalse();
        process = launch();
        awaitReady();
    }

    /** {@code kill -9}: nothing is told, nothing is flushed. Returns once the process is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, as Ctrl-C and {@code down} do it; returns once the process is gone, with its exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        await().atMost(LIMIT).until(() -> !process.isAlive());
        return process.waitFor();
    }

    /** Where the broker listens, for instance {@code http://localhost:43567}. */
    public String url() {
        return "http://localhost:" + ports.broker();
    }

    public FreePorts ports() {
        return ports;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path data() {
        return data;
    }

    /** All that it printed since its last start. */
    public String printed() {
        try {
            return Files.readString(console);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it logged since the data folder was made. */
    public String logged() {
        try {
            return Files.readString(data.resolve("logs/naru.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once if a test has not. */
    @Override
    public void close() {
        kill();
    }

    private Process launch() {
        List<String> arguments = new ArrayList<>(List.of("up", "--data", data.toString()));
        arguments.addAll(List.of("--port", Integer.toString(ports.broker())));
        arguments.addAll(List.of("--coordinator-port", Integer.toString(ports.coordinator())));
        arguments.addAll(options);
        try {
            return Script.builder(arguments.toArray(String[]::new))
                    .redirectErrorStream(true)
                    .redirectOutput(console.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        try {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> printed().contains("Ready after") || !process.isAlive());
        } finally {
            if (!process.isAlive() || !printed().contains("Ready after")) {
                process.destroyForcibly();
                throw new AssertionError("Naru did not start; it printed:\n" + printed());
            }
        }
    }
}

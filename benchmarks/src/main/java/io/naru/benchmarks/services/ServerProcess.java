package io.naru.benchmarks.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server started for the benchmarks, whose output goes to a file. Closing asks it to stop and, after a while, makes
 * it; the process never outlives the benchmark's JVM. For one thread.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    private final Process process;
    private final Path output;
    private final long startedAt;
    private final Thread reaper;

    private ServerProcess(Process process, Path output, long startedAt) {
        this.process = process;
        this.output = output;
        this.startedAt = startedAt;
        this.reaper = new Thread(process::destroyForcibly, "end-" + process.pid());
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /**
     * Starts a command.
     *
     * @param environment added to that of this process
     */
    static ServerProcess start(List<String> command, Map<String, String> environment, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        long startedAt = System.nanoTime();
        return new ServerProcess(builder.start(), output, startedAt);
    }

    /** {@link System#nanoTime} just before the process was made. */
    long startedAt() {
        return startedAt;
    }

    /**
     * @throws IllegalStateException if the process has ended, with the end of its output
     */
    void checkAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "a server ended by itself with code " + process.exitValue() + ":\n" + lastWords());
        }
    }

    /** The end of what it wrote, for error messages. */
    String lastWords() {
        try (Stream<String> lines = Files.lines(output)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(its output cannot be read: " + e.getMessage() + ")";
        }
    }

    /** Processor time used so far, over all cores; zero where the system does not tell. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /**
     * Memory in use, in bytes, as the kernel counts it (resident set).
     *
     * @throws IOException where there is no {@code /proc}
     */
    long residentBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            String line = lines.filter(candidate -> candidate.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the kernel tells no memory of process " + process.pid()));
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException e) {
            return; // this JVM is ending, and the hook runs or has run
        }
    }
}

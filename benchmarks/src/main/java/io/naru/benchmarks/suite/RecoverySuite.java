package io.naru.benchmarks.suite;

import io.naru.benchmarks.log.RecoveryWorker;
import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Goal;
import io.naru.benchmarks.report.Measurements;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Opening a data directory that a killed process left, and one that was closed in order. Every opening is that of a fresh
 * process, from the first byte looked at to the last log ready for appends; data is in the page cache, as it is after a
 * process was killed.
 */
public final class RecoverySuite implements Suite {
    private static final String SUITE = "recovery";
    private static final int GOAL_LOGS = 1000;
    private static final long GOAL_BYTES = 10L << 30;
    private static final int READ_BYTES = 1 << 20;

    private final Settings settings;
    private final int logs;
    private final long bytes;
    private final Figure killed;
    private final Figure killedBytes;
    private final Figure limit;
    private final Figure nothingNoted;
    private final Figure closing;
    private final Figure clean;

    /** Prepares nothing. */
    public RecoverySuite(Settings settings) {
        this.settings = settings;
        this.logs = settings.recovery().logs();
        this.bytes = settings.recovery().bytes();
        String group = logs + " partitions, " + (bytes >> 20) + " MiB";
        boolean goals = logs >= GOAL_LOGS && bytes >= GOAL_BYTES;
        Figure afterKill = Figure.of(SUITE, group, "reopen after kill -9", "ms");
        Figure afterClose = Figure.of(SUITE, group, "reopen after a clean end", "ms");
        this.limit = Figure.of(SUITE, group, "limit: read and check all bytes", "ms");
        this.killed = goals ? afterKill.withGoal(Goal.atMost(5000)) : afterKill;
        this.killedBytes = Figure.of(SUITE, group, "  of which read", "MiB");
        Figure unknown = Figure.of(SUITE, group, "reopen after kill -9, nothing noted", "ms")
                .beside(limit);
        this.nothingNoted = goals ? unknown.withGoal(Goal.atMost(5000)) : unknown;
        this.closing = Figure.of(SUITE, group, "close in order", "ms");
        this.clean = goals ? afterClose.withGoal(Goal.atMost(2000)) : afterClose;
    }

    @Override
    public void repeat(int repetition, Measurements measurements) throws IOException, InterruptedException {
        Path root = settings.folder().resolve("recovery-" + repetition);
        settings.progress().accept("filling " + logs + " partitions");
        try (Worker fill = Worker.start("fill", root.toString(), Integer.toString(logs), Long.toString(bytes))) {
            fill.await("filled");
        }
        settings.progress().accept("reopening");
        try (Worker open = Worker.start("open", root.toString())) {
            String[] answer = open.await("opened");
            measurements.add(killed, Double.parseDouble(answer[1]));
            measurements.add(killedBytes, Double.parseDouble(answer[2]) / (1 << 20));
        }
        measurements.add(limit, readAll(root));
        forgetWhatIsNoted(root);
        try (Worker open = Worker.start("open", root.toString())) {
            measurements.add(nothingNoted, Double.parseDouble(open.await("opened")[1]));
            open.tell("close");
            measurements.add(closing, Double.parseDouble(open.await("closed")[1]));
        }
        try (Worker open = Worker.start("open", root.toString())) {
            measurements.add(clean, Double.parseDouble(open.await("opened")[1]));
        }
        delete(root);
    }

    /** Milliseconds for as many threads as there are cores to read every segment and sum it up. */
    private static double readAll(Path root) throws IOException, InterruptedException {
        List<Path> files = segments(root);
        int threads = Runtime.getRuntime().availableProcessors();
        long began = System.nanoTime();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int first = i;
            readers.add(Thread.ofPlatform().start(() -> {
                ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
                for (int file = first; file < files.size(); file += threads) {
                    checksum(files.get(file), buffer);
                }
            }));
        }
        for (Thread reader : readers) {
            reader.join();
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private static void checksum(Path file, ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer.clear()) > 0) {
                crc.update(buffer.flip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> segments(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root.resolve("logs"))) {
            return walk.filter(path -> path.toString().endsWith(".log")).toList();
        }
    }

    private static void forgetWhatIsNoted(Path root) throws IOException {
        Files.deleteIfExists(root.resolve("naru-recovery-points"));
        for (Path segment : segments(root)) {
            String name = segment.getFileName().toString().replace(".log", "");
            Files.deleteIfExists(segment.resolveSibling(name + ".index"));
            Files.deleteIfExists(segment.resolveSibling(name + ".timeindex"));
        }
    }

    private static void delete(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(root)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    @Override
    public void close() {
        // each process has ended by itself
    }

    /** A {@link RecoveryWorker} in a process of its own, with the JVM options of this one; killed when closed. */
    private record Worker(Process process, BufferedReader output, BufferedWriter input) implements AutoCloseable {
        static Worker start(String... arguments) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), RecoveryWorker.class.getName()));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Worker(process, process.inputReader(), process.outputWriter());
        }

        /** The words of the line that begins so; others are passed over. */
        String[] await(String word) throws IOException {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(word)) {
                    return line.split(" ");
                }
            }
            throw new IOException("The process ended before it had '" + word + "'");
        }

        void tell(String word) throws IOException {
            input.write(word + "\n");
            input.flush();
        }

        @Override
        public void close() {
            process.destroyForcibly();
            boolean interrupted = false;
            while (process.isAlive()) {
                try {
                    process.waitFor();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

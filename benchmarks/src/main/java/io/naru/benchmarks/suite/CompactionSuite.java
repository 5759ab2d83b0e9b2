package io.naru.benchmarks.suite;

import io.naru.benchmarks.log.CompactionWorker;
import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Goal;
import io.naru.benchmarks.report.Measurements;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Compacting a log of which one record in ten is the latest of its key, by a fresh process with a heap of {@value
 * #HEAP_MEBIBYTES} MiB in all; data is in the page cache, as far as it finds room there. Beside it the limit: reading and
 * checking all bytes twice, and writing and forcing what is left.
 */
public final class CompactionSuite implements Suite {
    private static final String SUITE = "compaction";
    private static final int HEAP_MEBIBYTES = 64;
    private static final int RECORDS_A_KEY = 10;
    private static final long GOAL_BYTES = 1L << 30;
    private static final int READ_BYTES = 1 << 20;
    private static final double MEBIBYTE = 1 << 20;

    private final Settings settings;
    private final long bytes;
    private final List<Case> cases;

    /** One log, and what is measured of it. */
    private record Case(int valueBytes, String codec, Figure limit, Figure speed, Figure left, Figure heap) {
        static Case of(long bytes, int valueBytes, String codec) {
            String group =
                    (bytes >> 20) + " MiB, values of " + valueBytes + " bytes, " + codec.toLowerCase(Locale.ROOT);
            boolean goals = bytes >= GOAL_BYTES && codec.equals("NONE");
            Figure limit = Figure.of(SUITE, group, "limit: read twice, write what is left", "MiB/s");
            Figure speed = Figure.of(SUITE, group, "compact", "MiB/s").beside(limit);
            Figure heap = Figure.of(SUITE, group, "heap in use more than before, at most", "MiB");
            return new Case(
                    valueBytes,
                    codec,
                    limit,
                    goals ? speed.withGoal(Goal.atLeast(100)) : speed,
                    Figure.of(SUITE, group, "  of which left", "MiB"),
                    goals ? heap.withGoal(Goal.atMost(HEAP_MEBIBYTES)) : heap);
        }
    }

    /** Prepares nothing. */
    public CompactionSuite(Settings settings) {
        this.settings = settings;
        this.bytes = settings.quick() ? 4 << 20 : GOAL_BYTES;
        this.cases = List.of(Case.of(bytes, 100, "NONE"), Case.of(bytes, 1000, "NONE"), Case.of(bytes, 100, "LZ4"));
    }

    @Override
    public void repeat(int repetition, Measurements measurements) throws IOException, InterruptedException {
        for (Case each : cases) {
            Path root = settings.folder().resolve("compaction-" + repetition);
            settings.progress().accept("filling a log with values of " + each.valueBytes() + " bytes, " + each.codec());
            run(
                    "filled",
                    "fill",
                    root.toString(),
                    Long.toString(bytes),
                    Integer.toString(each.valueBytes()),
                    Integer.toString(RECORDS_A_KEY),
                    each.codec());
            double readTwice = 2 * secondsToReadAll(root);
            settings.progress().accept("compacting it");
            String[] answer = run("compacted", "compact", root.toString());
            double before = Double.parseDouble(answer[2]) / MEBIBYTE;
            double after = Double.parseDouble(answer[3]) / MEBIBYTE;
            measurements.add(each.speed(), before / (Double.parseDouble(answer[1]) / 1e9));
            measurements.add(each.left(), after);
            measurements.add(each.heap(), Double.parseDouble(answer[4]) / MEBIBYTE);
            double write = secondsToWrite(root.resolve("limit"), (long) (after * MEBIBYTE));
            measurements.add(each.limit(), before / (readTwice + write));
            delete(root);
        }
    }

    private static double secondsToReadAll(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root.resolve("logs"))) {
            files = walk.filter(path -> path.toString().endsWith(".log")).toList();
        }
        long began = System.nanoTime();
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        CRC32C crc = new CRC32C();
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                while (channel.read(buffer.clear()) > 0) {
                    crc.update(buffer.flip());
                }
            }
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static double secondsToWrite(Path file, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        long began = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long written = 0; written < count; ) {
                buffer.clear().limit((int) Math.min(READ_BYTES, count - written));
                written += channel.write(buffer);
            }
            channel.force(true);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** Runs a {@link CompactionWorker} with the JVM options of this process and a small heap; the words it answers. */
    private static String[] run(String word, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Xmx" + HEAP_MEBIBYTES + "m", "-cp", System.getProperty("java.class.path")));
        command.add(CompactionWorker.class.getName());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String[] answer = null;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(word)) {
                    answer = line.split(" ");
                }
            }
            if (process.waitFor() != 0 || answer == null) {
                throw new IOException("The process ended before it had '" + word + "'");
            }
            return answer;
        } finally {
            process.destroyForcibly();
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
}

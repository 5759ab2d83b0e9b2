package io.naru.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the figures were measured on; without it none of them means anything.
 *
 * @param cores as the JVM sees them
 * @param memoryBytes of the host
 */
public record Machine(int cores, String cpu, long memoryBytes, String kernel, String jdk) {

    /** The machine this runs on; what cannot be found out is said to be unknown. */
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                cpuModel(),
                memory(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vendor.version", System.getProperty("java.vendor")) + " (" + Runtime.version()
                        + ")");
    }

    /** One line for a reader. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%d × %s, %.1f GiB, %s, JDK %s",
                cores,
                cpu,
                memoryBytes / (double) (1 << 30),
                kernel,
                jdk);
    }

    private static String cpuModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown CPU");
        } catch (IOException e) {
            return "unknown CPU"; // not Linux
        }
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean host
                ? host.getTotalMemorySize()
                : 0;
    }
}

package io.naru.systemtests.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The naru script of the tree under test, run to its end. */
public final class Script {
    /** The tree under test. */
    public static final Path HOME =
            Path.of(System.getProperty("naru.home")).toAbsolutePath().normalize();

    private static final long LIMIT_SECONDS = 120;

    private Script() {}

    /** What a command left behind. */
    public record Result(int exitCode, String out, String err) {}

    /** Runs {@code ./naru} with these arguments. */
    public static Result run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    /** Runs {@code ./naru} with these arguments and additions to the environment. */
    public static Result run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("naru", ".out");
        Path err = Files.createTempFile("naru", ".err");
        try {
            ProcessBuilder builder = builder(arguments);
            builder.environment().putAll(environment);
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("./naru " + String.join(" ", arguments) + " did not end in time; it printed "
                        + Files.readString(out) + Files.readString(err));
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** A process that runs the script, not yet started. It builds nothing: that was done before the tests. */
    static ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("naru").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("NARU_NO_BUILD", "1");
        return builder;
    }
}

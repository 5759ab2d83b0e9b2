package io.naru.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Which state of the sources was measured. */
public final class Commit {
    private Commit() {}

    /**
     * The abbreviated commit of the working tree that holds {@code folder}, with {@code -dirty} when it has changes;
     * {@code unknown} where there is no git or no repository.
     */
    public static String of(Path folder) {
        Process git;
        try {
            git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*")
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return "unknown"; // no git on this machine
        }
        try {
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 && !answer.isEmpty() ? answer : "unknown";
        } catch (IOException e) {
            throw new UncheckedIOException("git was started but its answer could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}

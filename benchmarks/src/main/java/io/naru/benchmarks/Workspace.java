package io.naru.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder for everything a run writes; gone when it is closed. */
record Workspace(Path root) implements AutoCloseable {

    static Workspace create(Path parent) throws IOException {
        return new Workspace(Files.createTempDirectory(parent, "naru-bench-"));
    }

    /** A new folder in it. */
    Path folder(String name) throws IOException {
        return Files.createDirectory(root.resolve(name));
    }

    @Override
    public void close() throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(root)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path); // a server that is ending may have removed it
        }
    }
}

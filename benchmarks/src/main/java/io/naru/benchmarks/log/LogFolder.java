package io.naru.benchmarks.log;

import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogConfig;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A data directory that is gone when the benchmark is over. It lies in the folder that the system property {@value
 * #PROPERTY} names, or among the temporary files.
 */
final class LogFolder implements AutoCloseable {
    static final String PROPERTY = "naru.benchmarks.data";

    private final Path root;
    private final LogDirectory directory;

    LogFolder() throws IOException {
        this.root = newFolder();
        this.directory = LogDirectory.open(new FileSystemDisk(), root.resolve("logs"));
    }

    /** An empty folder on the disk that is measured. */
    static Path newFolder() throws IOException {
        String parent = System.getProperty(PROPERTY, System.getProperty("java.io.tmpdir"));
        return Files.createTempDirectory(Path.of(parent), "naru-benchmark-");
    }

    /** An empty log whose segments hold 1 GiB. */
    CommitLog open(String name) throws IOException {
        return open(name, 1 << 30);
    }

    CommitLog open(String name, int segmentBytes) throws IOException {
        return directory.openLog(name, new LogConfig(segmentBytes, Long.MAX_VALUE, 4096));
    }

    void delete(String name) throws IOException {
        directory.deleteLog(name);
    }

    @Override
    public void close() throws IOException {
        directory.close();
        delete(root);
    }

    static void delete(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(root)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}

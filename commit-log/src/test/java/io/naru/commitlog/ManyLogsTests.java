package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.PrivateThreads;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Thousands of logs in one directory: what each costs while nobody uses it. */
@Timeout(300)
class ManyLogsTests {
    private static final LogConfig CONFIG = new LogConfig(1 << 30, Long.MAX_VALUE, 100);
    private static final int LOGS = 2000;
    private static final int OPEN_FILES = 64;
    /** What an idle partition may cost is 8 KiB; the broker's own part of it is measured there. */
    private static final long MOST_BYTES = 4096;

    /** In memory where the system has a place for that: what a force takes is not what this is about. */
    @TempDir(factory = InMemory.class)
    private Path root;

    private final List<Path> jars = new ArrayList<>();
    private final FileSystemDisk files = new FileSystemDisk(OPEN_FILES);

    @Test
    void anIdleLogTakesLittleMemoryAndNoFile() throws IOException {
        LogDirectory.open(files, root).close();
        long before = Heap.live().bytes();
        LogDirectory directory = LogDirectory.open(files, root);
        List<CommitLog> logs = fill(directory);
        // Each comes to rest: all is forced, and where its index has grown, that is written.
        for (int i = 0; i < 2 + LOGS / 64; i++) {
            directory.checkpoint();
        }
        assertCheap("written to", before);
        assertThat(logs).allMatch(log -> log.segmentCount() == 1);
        directory.close();
        assertThat(files.openFiles()).as("files open after closing").isZero();
    }

    @Test
    void aLogThatWasOnlyOpenedOrReadTakesLittleMemoryToo() throws IOException {
        fillAndClose();
        long before = Heap.live().bytes();
        LogDirectory directory = LogDirectory.open(files, root);
        directory.recoverAll(2);
        List<CommitLog> logs = new ArrayList<>();
        for (int i = 0; i < LOGS; i++) {
            logs.add(directory.openLog(name(i), CONFIG));
        }
        assertCheap("opened", before);
        for (CommitLog log : logs) {
            assertThat(log.read(0, 1 << 20, Long.MAX_VALUE).readBytes()).isNotEmpty();
            assertThat(log.offsetForTime(1000)).isPresent();
        }
        assertCheap("read", before);
        directory.close();
    }

    @Test
    void anIndexThatIsWrittenAgainAndAgainKeepsNoFileOpen() throws IOException {
        try (LogDirectory directory = LogDirectory.open(files, root)) {
            CommitLog log = directory.openLog(name(0), CONFIG);
            ByteBuffer batch = TestBatches.batch("x".repeat(100));
            int afterOne = 0;
            for (int round = 0; round < 12; round++) {
                for (int i = 0; i < 300; i++) {
                    log.append(batch, 1, 0);
                }
                log.force();
                assertThat(log.sealLast(1, 1)).isTrue();
                assertThat(log.read(round, 1000, Long.MAX_VALUE).isEmpty()).isFalse();
                assertThat(log.offsetForTime(1000)).isPresent();
                afterOne = round == 1 ? files.openFiles() : afterOne;
            }
            assertThat(files.openFiles()).isLessThanOrEqualTo(afterOne);
        }
    }

    @Test
    void aProcessThatMayOpenFewFilesUsesManyLogsAndOutlivesHavingNone() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 200 && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-cp",
                        inJars(System.getProperty("java.class.path")),
                        OpenFilesProgram.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.strip()).endsWith("ok");
    }

    /** The class path with its folders packed: a class in a folder takes a file to load, and there will be none left. */
    private String inJars(String classPath) throws IOException {
        List<String> packed = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                Path jar = root.resolveSibling(root.getFileName() + "-" + packed.size() + ".jar");
                jars.add(jar);
                pack(path, jar);
                path = jar;
            }
            packed.add(path.toString());
        }
        return String.join(File.pathSeparator, packed);
    }

    private static void pack(Path folder, Path jar) throws IOException {
        try (Stream<Path> walk = Files.walk(folder);
                JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                to.putNextEntry(new JarEntry(folder.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, to);
                to.closeEntry();
            }
        }
    }

    @AfterEach
    void deleteJars() throws IOException {
        for (Path jar : jars) {
            Files.delete(jar);
        }
    }

    /** In a frame of its own, so that nothing of it is held when the heap is looked at. */
    private void fillAndClose() throws IOException {
        try (LogDirectory directory = LogDirectory.open(files, root)) {
            fill(directory);
        }
    }

    private void assertCheap(String what, long before) {
        assertThat(files.openFiles()).isLessThanOrEqualTo(OPEN_FILES);
        Heap.Histogram after = Heap.live();
        assertThat((after.bytes() - before) / LOGS)
                .as(() -> "bytes for each log that was " + what + "; the heap then:\n" + after.top())
                .isBetween(100L, MOST_BYTES);
    }

    /** So much in each that its index has more entries than may stay in memory. */
    private static List<CommitLog> fill(LogDirectory directory) throws IOException {
        List<CommitLog> logs = new ArrayList<>();
        ByteBuffer batch = TestBatches.batch("x".repeat(100));
        for (int i = 0; i < LOGS; i++) {
            CommitLog log = directory.openLog(name(i), CONFIG);
            PrivateThreads.run(() -> {
                for (int j = 0; j < 300; j++) {
                    log.append(batch, 1, 0);
                }
                log.force();
            });
            logs.add(log);
        }
        return logs;
    }

    static final class InMemory implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "naru-test-")
                    : Files.createTempDirectory("naru-test-");
        }
    }

    private static String name(int number) {
        return "topic-" + number / 100 + "/" + number % 100 + "-4f0c7ab1-94f0-4b7e-8d5e-0d7f5ce0a7b1";
    }
}

package io.naru.coordinator.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorDirectoryTests {
    @TempDir
    private Path directory;

    @Test
    void aSecondTryInThisProcessIsRefusedAndTakesNothingFromTheFirst() throws Exception {
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("data")));
        try (var _ = CoordinatorDirectory.open(directory.resolve("data"), 1)) {
            for (Path path : new Path[] {directory.resolve("data"), link}) {
                assertThatExceptionOfType(DirectoryException.class)
                        .isThrownBy(() -> CoordinatorDirectory.open(path, 1))
                        .withMessageContaining("in use");
            }
            assertThat(otherProcessGetsLock(directory.resolve("data/lock"))).isFalse();
        }
        assertThat(otherProcessGetsLock(directory.resolve("data/lock"))).isTrue();
    }

    @Test
    void aDirectoryThatWasRefusedOrClosedCanBeTakenAgain() {
        CoordinatorDirectory.open(directory, 1).close();
        assertThatExceptionOfType(DirectoryException.class).isThrownBy(() -> CoordinatorDirectory.open(directory, 2));

        CoordinatorDirectory first = CoordinatorDirectory.open(directory, 1);
        first.close();
        try (var _ = CoordinatorDirectory.open(directory, 1)) {
            // Closing the first once more must not let go what the second holds.
            first.close();
            assertThatExceptionOfType(DirectoryException.class)
                    .isThrownBy(() -> CoordinatorDirectory.open(directory, 1));
        }
    }

    /** Asks a process of its own, for the locks of this one are all the same to it. */
    private static boolean otherProcessGetsLock(Path file) throws Exception {
        Path source = Files.writeString(file.resolveSibling("Try.java"), """
                import java.nio.channels.FileChannel;
                import java.nio.file.*;
                class Try {
                    public static void main(String[] args) throws Exception {
                        try (var file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                            System.exit(file.tryLock() == null ? 3 : 0);
                        }
                    }
                }
                """);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, source.toString(), file.toString())
                .inheritIO()
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isIn(0, 3);
            return process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }
}

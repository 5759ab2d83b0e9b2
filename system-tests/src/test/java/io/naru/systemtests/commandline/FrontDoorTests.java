package io.naru.systemtests.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.systemtests.process.Script;
import io.naru.systemtests.process.Script.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script answers without a running Naru. */
class FrontDoorTests {
    private static final Map<String, String> NO_JDK =
            Map.of("JAVA_HOME", "/nonexistent", "NARU_JDK_PATH", "/nonexistent");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void tellsTheCommandsWithoutAJdk(String asked) throws Exception {
        Result help = Script.run(NO_JDK, asked);

        assertThat(help.out()).contains("up ", "down ", "status ", "test ", "bench ", "JAVA_HOME");
        assertThat(help.err()).isEmpty();
        assertThat(help.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "down", "status", "test", "bench"})
    void tellsEachCommandsOptionsWithoutAJdk(String command) throws Exception {
        Result help = Script.run(NO_JDK, command, "--help");

        assertThat(help.out()).contains("Usage: ./naru " + command);
        assertThat(help.out()).isEqualTo(Script.run(NO_JDK, "help", command).out());
        assertThat(help.exitCode()).isZero();
    }

    @Test
    void anUnknownCommandIsToldInOneLine() throws Exception {
        Result result = Script.run("pu");

        assertThat(result).isEqualTo(new Result(2, "", "naru: there is no command 'pu'; ./naru help lists them\n"));
    }

    @Test
    void aMissingJdkIsToldWithWhereItLookedAndHowToGetOne() throws Exception {
        Result result = Script.run(NO_JDK, "up", "--data", temporary.toString());

        assertThat(result.err()).startsWith("naru: needs a JDK 25").contains("/nonexistent", "adoptium.net");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void findsItsJdkThoughJavaHomeNamesAnOlderOne() throws Exception {
        Path old = Files.createDirectories(temporary.resolve("jdk-17"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.2\"\n");
        Path javac = Files.createDirectories(old.resolve("bin")).resolve("javac");
        Files.writeString(javac, "");
        assertThat(javac.toFile().setExecutable(true)).isTrue();

        Result result = Script.run(
                Map.of("JAVA_HOME", old.toString()),
                "status",
                "--data",
                temporary.resolve("none").toString());

        assertThat(result.out()).startsWith("Nothing runs on");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void nothingIsLeftOverAmongTheLibraries() throws Exception {
        Path distribution = Script.HOME.resolve("standalone/target/naru");
        List<String> classPath;
        try (JarFile jar = new JarFile(distribution.resolve("naru.jar").toFile())) {
            classPath = List.of(jar.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.CLASS_PATH)
                    .split(" "));
        }
        try (Stream<Path> libraries = Files.list(distribution.resolve("lib"))) {
            assertThat(libraries.map(library -> "lib/" + library.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(classPath);
        }
    }

    @Test
    void worksFromElsewhereAndThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("naru"), Script.HOME.resolve("naru"));
        Process process = new ProcessBuilder(link.toString(), "help")
                .directory(temporary.toFile())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes())).contains("Usage: ./naru");
        assertThat(process.waitFor()).isZero();
    }
}

package io.naru.systemtests.commandline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.systemtests.process.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several ./naru in one fresh clone, in which Maven is a script that waits until it may go on. */
@Timeout(60)
class BuildLockTests {
    private static final String LOCK = "target/naru-build.lock";

    @TempDir
    private Path clone;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void makeAClone() throws IOException {
        Files.copy(Script.HOME.resolve("naru"), clone.resolve("naru"));
        executable("naru");
        Files.writeString(clone.resolve("pom.xml"), "");
        for (String module :
                List.of("commit-log", "cluster-model", "coordinator-service", "broker-service", "standalone")) {
            Files.createDirectories(clone.resolve(module + "/src/main"));
            Files.writeString(clone.resolve(module + "/pom.xml"), "");
        }
        Files.createDirectories(clone.resolve("jdk/bin"));
        Files.writeString(clone.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        program("jdk/bin/javac", "");
        program("jdk/bin/java", "echo started");
        program("mvnw", """
                echo build >>"$home/builds"
                until [ -e "$home/go" ]; do sleep 0.1; done
                [ ! -e "$home/broken" ] || exit 1
                mkdir -p "$home/standalone/target/naru"
                echo stamp >"$home/standalone/target/naru/built"
                """);
    }

    @AfterEach
    void endWhatStillRuns() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void theSecondWaitsForTheFirstAndBuildsNothing() throws Exception {
        Process first = up("first");
        await().until(() -> Files.exists(clone.resolve("builds")));
        Process second = up("second");
        await().until(() -> said("second").contains("Waiting"));
        assertThat(said("second"))
                .isEqualTo("Waiting: another ./naru, process " + first.pid() + ", builds in this folder.\n");

        goOn();

        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(said("first")).contains("Building", "started");
        assertThat(said("second")).contains("started").doesNotContain("Building");
        assertThat(clone.resolve("builds")).hasContent("build");
        assertThat(Files.exists(clone.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void whoWaitedBuildsItselfIfTheFirstFailed() throws Exception {
        Process first = up("first");
        await().until(() -> Files.exists(clone.resolve("builds")));
        Process second = up("second");
        await().until(() -> said("second").contains("Waiting"));
        Files.writeString(clone.resolve("broken"), "");
        goOn();

        assertThat(first.waitFor()).isEqualTo(1);
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(said("second")).contains("Waiting", "Building", "naru: the build failed");
        assertThat(clone.resolve("builds")).hasContent("build\nbuild");
        assertThat(Files.exists(clone.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void theLockOfAProcessThatIsGoneIsBroken() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(clone.resolve("target"));
        Files.createSymbolicLink(clone.resolve(LOCK), Path.of("pid-" + gone.pid()));
        goOn();

        Process up = up("up");

        assertThat(up.waitFor()).isZero();
        assertThat(said("up")).contains("Building", "started").doesNotContain("Waiting");
    }

    @Test
    void whoIsAskedToStopLetsTheLockGo() throws Exception {
        Process first = up("first");
        await().until(() -> Files.exists(clone.resolve("builds")));
        first.destroy();
        assertThat(first.waitFor()).isNotZero();

        await().until(() -> !Files.exists(clone.resolve(LOCK), LinkOption.NOFOLLOW_LINKS));
        goOn();
        await().until(() -> Files.exists(clone.resolve("standalone/target/naru/built")));
    }

    private void goOn() throws IOException {
        Files.writeString(clone.resolve("go"), "");
    }

    private Process up(String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(clone.resolve("naru").toString(), "up")
                .redirectErrorStream(true)
                .redirectOutput(clone.resolve(name + ".out").toFile());
        builder.environment().put("JAVA_HOME", clone.resolve("jdk").toString());
        builder.environment().put("NARU_AOT", "off");
        builder.environment().keySet().removeAll(List.of("NARU_NO_BUILD", "NARU_BUILDING"));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String said(String name) throws IOException {
        return Files.readString(clone.resolve(name + ".out"));
    }

    private void program(String file, String script) throws IOException {
        Files.writeString(clone.resolve(file), "#!/bin/sh\nhome='" + clone + "'\n" + script);
        executable(file);
    }

    private void executable(String file) throws IOException {
        Files.setPosixFilePermissions(clone.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

package io.naru.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTests {
    private static final String URL = "http://localhost:8080";

    @TempDir
    private Path run;

    @Test
    void readsBackWhatWasWrittenCoordinatorsFirst() {
        RunFile two = RunFile.ofThisProcess("broker", 2, URL, false);
        RunFile one = RunFile.ofThisProcess("broker", 1, URL, true);
        RunFile coordinator = RunFile.ofThisProcess("coordinator", 1, URL, true);
        two.write(run);
        one.write(run);
        coordinator.write(run);

        assertThat(RunFile.readAll(run)).containsExactly(coordinator, one, two);

        one.delete(run);
        assertThat(RunFile.readAll(run)).containsExactly(coordinator, two);
    }

    @Test
    void whatIsNotARunFileIsPassedOver() throws IOException {
        Files.writeString(run.resolve("broker-1"), "role=broker\nid=");
        Files.writeString(run.resolve("lock"), "");

        assertThat(RunFile.readAll(run)).isEmpty();
        assertThat(RunFile.readAll(run.resolve("missing"))).isEmpty();
    }

    @Test
    void thisProcessIsLive() {
        RunFile self = RunFile.ofThisProcess("broker", 1, URL, true);

        assertThat(self.process()).contains(ProcessHandle.current());
    }

    @Test
    void aLaterProcessWithTheSamePidIsNotIt() {
        RunFile self = RunFile.ofThisProcess("broker", 1, URL, true);
        RunFile earlier = new RunFile("broker", 1, self.pid(), self.startedAt() - 60_000, URL, true);

        assertThat(earlier.isLive()).isFalse();
    }

    @Test
    void anEndedProcessIsNotLive() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        long startedAt = process.info().startInstant().orElseThrow().toEpochMilli();
        RunFile file = new RunFile("broker", 1, process.pid(), startedAt, URL, true);
        assertThat(file.isLive()).isTrue();

        process.destroyForcibly().waitFor();

        assertThat(file.isLive()).isFalse();
    }
}

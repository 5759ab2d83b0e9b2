package io.naru.systemtests.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.systemtests.process.FreePorts;
import io.naru.systemtests.process.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A folder in which the commands of a document are typed as printed, but for the ports: a reader's are free, those of a
 * machine that runs tests may not be.
 */
final class Terminal implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final FreePorts ports = FreePorts.find();
    private final List<Process> running = new ArrayList<>();

    /** In this empty folder, where {@code naru} and {@code examples} will lie as in a clone. */
    Terminal(Path folder) throws IOException {
        this.folder = folder;
        for (String name : List.of("naru", "examples")) {
            Files.createSymbolicLink(folder.resolve(name), Script.HOME.resolve(name));
        }
    }

    /** Types the command and compares what it prints. */
    void type(Step step) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "step", ".out");
        Process process = new ProcessBuilder("bash", "-c", translated(step.command()))
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        running.add(process);
        Step translated = new Step(
                step.command(), step.output().stream().map(this::translated).toList(), step.follows());
        if (step.follows()) {
            await(step.command() + " to print\n" + String.join("\n", step.output()))
                    .atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(Files.readString(out).strip()).matches(translated.expected()));
        } else {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(step.command() + " ends")
                    .isTrue();
            assertThat(Files.readString(out).strip())
                    .as(step.command() + " (and on standard error: " + Files.readString(folder.resolve("errors")) + ")")
                    .matches(translated.expected());
        }
    }

    private String translated(String text) {
        return text.replace("localhost:8080", "localhost:" + ports.broker())
                .replace("localhost:9080", "localhost:" + ports.coordinator())
                .replaceFirst(
                        "^./naru up",
                        "NARU_NO_BUILD=1 ./naru up --port " + ports.broker() + " --coordinator-port "
                                + ports.coordinator())
                .replaceFirst("^./naru (down|status)", "NARU_NO_BUILD=1 ./naru $1");
    }

    /** Ends what still runs, each by its own pid. */
    @Override
    public void close() {
        for (Process process : running) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        running.forEach(process -> process.onExit().join());
    }
}

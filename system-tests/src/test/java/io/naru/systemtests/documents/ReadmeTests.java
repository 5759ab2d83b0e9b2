package io.naru.systemtests.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.systemtests.process.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader who types what README prints sees what README prints. */
class ReadmeTests {
    @TempDir
    private Path folder;

    @Test
    void firstSessionPrintsWhatItSays() throws Exception {
        List<Step> steps = Transcript.of(Files.readString(Script.HOME.resolve("README.md")))
                .steps();
        assertThat(steps).hasSizeGreaterThan(6);
        try (Terminal terminal = new Terminal(folder)) {
            for (Step step : steps) {
                terminal.type(step);
            }
        }
    }
}

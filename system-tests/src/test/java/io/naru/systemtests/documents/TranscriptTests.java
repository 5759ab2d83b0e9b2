package io.naru.systemtests.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTests {
    @Test
    void readsCommandsWithTheirOutputFromConsoleBlocks() {
        Transcript transcript = Transcript.of("""
                Text with $ signs.
                ```bash
                $ not this
                ```
                ```console
                $ one \\
                    --more
                out 1
                out 2
                $ two '{
                  }'
                ```
                ```console follow
                $ three
                …
                ```
                """);

        assertThat(transcript.steps())
                .containsExactly(
                        new Step("one --more", List.of("out 1", "out 2"), false),
                        new Step("two '{\n  }'", List.of(), false),
                        new Step("three", List.of("…"), true));
    }

    @Test
    void comparesLiterallyButForWhatVaries() {
        Step step = new Step("x", List.of("{\"t\":1763817600000,\"o\":12} …", "in 1.4 s (pid 7)"), false);

        assertThat("{\"t\":1999999999999,\"o\":12} what\never\nin 20.1 s (pid 41)")
                .matches(step.expected());
        assertThat("{\"t\":1999999999999,\"o\":13} whatever\nin 20.1 s (pid 41)")
                .doesNotMatch(step.expected());
    }
}

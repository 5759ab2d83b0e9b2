package io.naru.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/**
 * The script answers --help from files, so that it works in a fresh clone. They are what picocli says of the commands;
 * after a change run this with {@code -Dhelp.write=true} to bring them up to date. That of {@code bench}, whose options
 * belong to another program, is looked after where that program is.
 */
class HelpTextTests {
    private static final Path FILES = Path.of("src/main/help");

    private static Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        CommandLine all = Naru.commandLine();
        texts.put("naru", all.getUsageMessage());
        all.getSubcommands().forEach((name, command) -> {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                texts.put(name, command.getUsageMessage());
            }
        });
        return texts;
    }

    @TestFactory
    Stream<DynamicTest> helpFileSaysWhatTheOptionsAre() {
        return texts().entrySet().stream()
                .filter(text -> !text.getKey().equals("bench"))
                .map(text -> DynamicTest.dynamicTest(text.getKey(), () -> {
                    Path file = FILES.resolve(text.getKey() + ".txt");
                    if (Boolean.getBoolean("help.write")) {
                        Files.writeString(file, text.getValue());
                    }
                    assertThat(file).hasContent(text.getValue());
                }));
    }

    @Test
    void thereIsAFileForEachCommandAndNoOther() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .containsExactlyInAnyOrderElementsOf(texts().keySet());
        }
    }

    @Test
    void everyOptionAndParameterIsDescribed() {
        Naru.commandLine().getSubcommands().values().forEach(command -> {
            assertThat(command.getCommandSpec().args())
                    .allSatisfy(argument -> assertThat(argument.description()).isNotEmpty());
            assertThat(command.getCommandSpec().usageMessage().header()).hasSizeLessThanOrEqualTo(1);
        });
    }
}

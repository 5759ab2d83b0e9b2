package io.naru.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTests {
    @TempDir
    private Path temporary;

    @Test
    void isMadeWithItsFormatAndAcceptedAgain() {
        DataFolder folder = new DataFolder(temporary.resolve("some/data"));

        folder.prepare();
        folder.prepare();

        assertThat(folder.root().resolve("naru.json")).hasContent("{\"format\":1}");
        assertThat(folder.root()).isDirectoryNotContaining("glob:**/.writable*");
    }

    @Test
    void aFileInItsPlaceIsRefused() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> new DataFolder(file).prepare())
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file + " can't be written")
                .hasMessageContaining("--data");
    }

    @Test
    void aDescriptionThatIsNotOursIsRefused() throws IOException {
        Files.writeString(temporary.resolve("naru.json"), "hello");

        assertThatThrownBy(() -> new DataFolder(temporary).prepare())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is " + temporary + " Naru's?");
    }

    @Test
    void isLockedForOneAtATime() throws IOException {
        DataFolder folder = new DataFolder(temporary);
        folder.prepare();
        try (FileChannel _ = folder.lock()) {
            RunFile.ofThisProcess("broker", 1, "http://localhost:8080", true).write(folder.run());

            assertThatThrownBy(folder::lock)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("a Naru already runs on " + temporary)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid());
        }

        folder.lock().close();
    }
}

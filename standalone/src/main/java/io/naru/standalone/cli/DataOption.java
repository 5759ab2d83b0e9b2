package io.naru.standalone.cli;

import io.naru.standalone.DataFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says which data folder, and so which Naru, is meant. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = "data",
            description = "The data folder (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    DataFolder folder() {
        return new DataFolder(data);
    }
}

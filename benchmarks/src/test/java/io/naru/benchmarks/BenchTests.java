package io.naru.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTests {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path data;
    private Path naru;

    @BeforeEach
    void prepare() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        // What the naru script does once everything is built.
        naru = Files.writeString(
                folder.resolve("naru"),
                "#!/bin/sh\nexec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' io.naru.standalone.cli.Naru \"$@\"\n"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(naru, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theLogIsMeasured() {
        assertThat(bench("log", "--quick", "--forks", "0")).isZero();
        assertThat(out.toString())
                .contains("Naru benchmarks, commit ", "[log]", "encode, 100 B values", "append, 16 KiB batches")
                .contains("limit: file write, 16 KiB", "read 1 MiB slices", "find a time");
    }

    @Test
    void anUnknownSuiteIsRefusedWithTheOnesThereAre() {
        assertThat(bench("disk")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no suite 'disk'; there are log, http, sse, startup and all");
    }

    @Test
    void withoutANaruToStartOneLineSaysWhatIsMissing() throws IOException {
        Files.delete(naru);
        assertThat(bench("sse", "--quick")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no naru script at");
    }

    private int bench(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--naru", naru.toString(), "--data", data.toString()));
        int code = Bench.command(all.toArray(String[]::new))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        assertThat(data).isEmptyDirectory();
        return code;
    }
}

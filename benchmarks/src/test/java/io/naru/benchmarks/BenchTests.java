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
import tools.jackson.databind.json.JsonMapper;

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
                .contains("limit: file write, 16 KiB", "read 1 MiB slices", "find a time")
                .contains("compress 64 KiB, lz4", "decompress 64 KiB by cursor, gzip");
    }

    @Test
    void readingJsonIsMeasuredBesideJackson() {
        assertThat(bench("json", "--quick", "--forks", "0")).isZero();
        assertThat(out.toString())
                .contains("[json]", "lines with values of 1 KiB", "Jackson, a parser a block", "allocated by Naru");
    }

    @Test
    void producingIsMeasuredBesideABareServer() {
        assertThat(bench("http", "--quick", "--connections", "4", "--rate", "100", "--partitions", "1"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("[http]", "JSON, 1 record, 4 connections", "JSON, 100 records", "NDJSON", "bare HTTP");
    }

    @Test
    void followingIsMeasured() throws IOException {
        Path json = folder.resolve("figures.json");
        assertThat(bench("sse", "--quick", "--rate", "50", "--json", json.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("50 events/s, 100 readers", "acknowledged → received p99");
        assertThat(JsonMapper.shared().readTree(json).at("/figures").size()).isPositive();
    }

    @Test
    void startingIsMeasured() {
        assertThat(bench("startup", "--quick")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("process start → first record acknowledged", "resident memory, idle");
    }

    /** After a change run this with {@code -Dhelp.write=true} to bring the file up to date. */
    @Test
    void theScriptsHelpFileSaysWhatTheOptionsAre() throws IOException {
        Path file = Path.of("../standalone/src/main/help/bench.txt");
        String usage = Bench.command().getUsageMessage(CommandLine.Help.Ansi.OFF);
        if (Boolean.getBoolean("help.write")) {
            Files.writeString(file, usage);
        }
        assertThat(file).hasContent(usage);
    }

    @Test
    void recoveryIsMeasured() {
        assertThat(bench("recovery", "--quick")).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("10 partitions, 10 MiB", "reopen after kill -9", "nothing noted", "after a clean end");
    }

    @Test
    void compactionIsMeasured() {
        assertThat(bench("compaction", "--quick")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("4 MiB, values of 100 bytes", "compact", "heap in use", "read twice");
    }

    @Test
    void anUnknownSuiteIsRefusedWithTheOnesThereAre() {
        assertThat(bench("disk")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "there is no suite 'disk'; there are log, json, http, sse, startup, recovery, compaction and all");
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

package io.naru.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandLineTests {
    @TempDir
    private Path folder;

    private record Answer(int exitCode, String out, String err) {}

    private static Answer run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Naru.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = line.execute(arguments);
        return new Answer(exitCode, out.toString(), err.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "--set nonsense,          is not property=value",
        "--set =5,                is not property=value",
        "--set log.segment.byte=1, there is no property 'log.segment.byte'; did you mean log.segment.bytes?",
        "--set broker.rack=a --set frob=1, there is no property 'frob'; docs/configuration.md lists them",
        "--port 0,                --port takes a port from 1 to 65535",
        "--coordinator-port 70000, --coordinator-port takes a port from 1 to 65535",
        "--port x,                is not an int",
        "--prot 8080,             Unknown option",
    })
    void wrongOptionsAreToldInOneLineAndExitWithTwo(String options, String said) {
        Answer answer = run(("up --data " + folder + " " + options).split(" "));

        assertThat(answer.err()).contains(said).startsWith("naru: ").hasLineCount(1);
        assertThat(answer.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "--brokers 3,                         one broker and one coordinator",
        "--coordinators 3,                    one broker and one coordinator",
        "--port 7000 --coordinator-port 7000, are both 7000",
        "--set server.port=7000,              use --port",
        "--set log.dir=/tmp,                  use --data",
    })
    void impossibleWishesAreToldInOneLineAndExitWithOne(String options, String said) {
        Answer answer = run(("up --data " + folder + " " + options).split(" "));

        assertThat(answer.err()).contains(said).startsWith("naru: ").hasLineCount(1);
        assertThat(answer.exitCode()).isEqualTo(1);
    }

    @Test
    void portInUseIsToldWithItsOwnerAndTheOptionThatChoosesAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Answer answer = run("up", "--data", folder.toString(), "--coordinator-port", "" + taken.getLocalPort());

            assertThat(answer.err()).contains("port " + taken.getLocalPort() + " is in use", "--coordinator-port");
            assertThat(answer.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void dataOfANewerFormatIsRefused() throws IOException {
        Files.writeString(folder.resolve("naru.json"), "{\"format\":2}");

        Answer answer = run("up", "--data", folder.toString());

        assertThat(answer.err()).contains("newer Naru (data format 2", "--data").hasLineCount(1);
        assertThat(answer.exitCode()).isEqualTo(1);
    }

    @Test
    void statusAndDownOfAFolderWithoutNaruSaySoAndMakeNoFolder() {
        Path none = folder.resolve("none");

        assertThat(run("down", "--data", none.toString()))
                .isEqualTo(new Answer(0, "Nothing runs on " + none + ".\n", ""));
        assertThat(run("status", "--data", none.toString()))
                .isEqualTo(new Answer(3, "Nothing runs on " + none + ".\n", ""));
        assertThat(run("status", "--json", "--data", none.toString()).out())
                .isEqualTo("{\"data\":\"" + none + "\",\"processes\":[]}\n");
        assertThat(none).doesNotExist();
    }
}

package io.naru.systemtests.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.systemtests.http.Api;
import io.naru.systemtests.process.FreePorts;
import io.naru.systemtests.process.RunningNaru;
import io.naru.systemtests.process.Script;
import io.naru.systemtests.process.Script.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The life of a Naru as its user sees it. */
class UpAndDownTests {
    @TempDir
    private Path temporary;

    private final FreePorts ports = FreePorts.find();

    private Path data() {
        return temporary.resolve("data");
    }

    private Result up(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("up", "--data", data().toString()));
        arguments.addAll(List.of("--port", "" + ports.broker(), "--coordinator-port", "" + ports.coordinator()));
        arguments.addAll(List.of(more));
        return Script.run(arguments.toArray(String[]::new));
    }

    private JsonNode processes() throws Exception {
        Result status = Script.run("status", "--json", "--data", data().toString());
        return new JsonMapper().readTree(status.out()).path("processes");
    }

    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        Script.run("down", "--data", data().toString());
    }

    @Test
    void detachedItServesAtOnceIsListedAndGoesDown() throws Exception {
        Result up = up("--detach");

        String url = "http://localhost:" + ports.broker();
        assertThat(up.err()).isEmpty();
        assertThat(up.out()).contains("Ready after", url + "/v1", "/swagger-ui", data().toString(), "./naru down");
        assertThat(up.exitCode()).isZero();
        try (Api api = new Api(url)) {
            api.createTopic("first", 1);
            assertThat(api.get("/swagger-ui").status()).isEqualTo(302);
            assertThat(api.get("/swagger-ui/index.html").status()).isEqualTo(200);
            assertThat(api.get("/openapi").json().path("paths").has("/v1/topics"))
                    .isTrue();
            assertThat(api.post("/v1/topics/first/records", "text/plain", "hello")
                            .status())
                    .isEqualTo(200);
        }

        Result status = Script.run("status", "--data", data().toString());
        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .containsPattern("coordinator +1 +\\d+ +http://localhost:" + ports.coordinator() + " +ready");
        assertThat(status.out()).containsPattern("broker +1 +\\d+ +" + url + " +ready");
        long pid = processes().get(1).path("pid").asLong();
        assertThat(processes().get(1).path("role").asString()).isEqualTo("broker");
        assertThat(processes().get(1).path("state").asString()).isEqualTo("ready");

        Result down = Script.run("down", "--data", data().toString());
        assertThat(down.out()).contains("Stopping coordinator 1 and broker 1 (pid " + pid + ")", "Stopped after");
        assertThat(down.exitCode()).isZero();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(Script.run("status", "--data", data().toString()).exitCode()).isEqualTo(3);
    }

    @Test
    void detachedItSaysWhyItDidNotStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(ports.broker(), 1, InetAddress.getLoopbackAddress())) {
            Result up = up("--detach");

            assertThat(up.err())
                    .startsWith("naru: port " + taken.getLocalPort() + " is in use by java (pid "
                            + ProcessHandle.current().pid() + "): choose another with --port")
                    .hasLineCount(1);
            assertThat(up.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aTakenCoordinatorPortIsToldWithItsOption() throws Exception {
        try (ServerSocket _ = new ServerSocket(ports.coordinator(), 1, InetAddress.getLoopbackAddress())) {
            Result up = up();

            assertThat(up.err()).contains("port " + ports.coordinator() + " is in use", "--coordinator-port");
            assertThat(up.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void oneFolderHasOneNaru() throws Exception {
        try (RunningNaru running = RunningNaru.start(data())) {
            Result second = up();

            assertThat(second.err())
                    .contains("a Naru already runs on " + data(), "pid " + running.pid(), "./naru down")
                    .hasLineCount(1);
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(running.isAlive()).isTrue();
        }
    }

    @Test
    void aKilledOneIsToldAsStoppedAndTheNextStartIsUnharmed() throws Exception {
        try (RunningNaru running = RunningNaru.start(data())) {
            running.kill();

            assertThat(processes())
                    .hasSize(2)
                    .allSatisfy(process ->
                            assertThat(process.path("state").asString()).isEqualTo("stopped"));
            Result down = Script.run("down", "--data", data().toString());
            assertThat(down.out()).contains("Nothing runs on");

            running.startAgain();
            assertThat(processes())
                    .hasSize(2)
                    .allSatisfy(process ->
                            assertThat(process.path("state").asString()).isEqualTo("ready"));
        }
    }

    @Test
    void anUnwritableFolderIsToldInOneLine() throws Exception {
        Files.writeString(data(), "a file where the folder should be");

        Result up = up();

        assertThat(up.err())
                .startsWith("naru: the data folder " + data() + " can't be written")
                .hasLineCount(1);
        assertThat(up.exitCode()).isEqualTo(1);
        Files.delete(data());
    }

    @Test
    void dataOfANewerFormatIsToldInOneLine() throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("naru.json"), "{\"format\":99}");

        Result up = up();

        assertThat(up.err()).contains("newer Naru (data format 99").hasLineCount(1);
        assertThat(up.exitCode()).isEqualTo(1);
    }

    @Test
    void aPropertyThatDoesNotFitIsToldInOneLine() throws Exception {
        Result malformed = up("--set", "log.segment.bytes");
        assertThat(malformed.err()).contains("is not property=value").hasLineCount(1);
        assertThat(malformed.exitCode()).isEqualTo(2);

        Result impossible = up("--set", "log.segment.bytes=many");
        assertThat(impossible.err())
                .startsWith("naru: ")
                .contains("log.segment.bytes", "many")
                .hasLineCount(1);
        assertThat(impossible.exitCode()).isEqualTo(1);
    }

    @Test
    void aSetPropertyIsInForce() throws Exception {
        up("--detach", "--set", "log.segment.bytes=1048576", "--set", "server.max-http-request-header-size=16KB");

        try (Api api = new Api("http://localhost:" + ports.broker())) {
            api.createTopic("small", 1);
            String value = "x".repeat(100_000);
            for (int i = 0; i < 30; i++) {
                assertThat(api.post("/v1/topics/small/records", "text/plain", value)
                                .status())
                        .isEqualTo(200);
            }
            JsonNode partition =
                    api.get("/v1/topics/small/partitions").json().path("items").get(0);
            assertThat(partition.path("segments").asInt()).isBetween(3, 4);
        }
    }
}

package io.naru.systemtests.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.systemtests.http.Api;
import io.naru.systemtests.process.RunningNaru;
import io.naru.systemtests.process.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real events, from the file to the reader, unchanged. */
class EarthquakesTests {
    private static final Path EXAMPLE = Script.HOME.resolve("examples/earthquakes");
    private static final int EARTHQUAKES = 1_707;
    private static final int PAGE = 500;

    @TempDir
    private Path temporary;

    private record Ran(int exitCode, String out, String err) {}

    private Ran run(Map<String, String> environment, String... arguments) throws Exception {
        Path out = temporary.resolve("example.out");
        Path err = temporary.resolve("example.err");
        List<String> command = new ArrayList<>(List.of(EXAMPLE.resolve("run").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        int exitCode = builder.redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Ran(exitCode, Files.readString(out), Files.readString(err));
    }

    @Test
    void everyEarthquakeArrivesAsItWas() throws Exception {
        try (RunningNaru naru = RunningNaru.start(temporary.resolve("data"));
                Api api = new Api(naru.url())) {
            api.createTopic("earthquakes", 1);
            Path followed = temporary.resolve("followed");
            Process follower = new ProcessBuilder("curl", "-sN", naru.url() + "/v1/topics/earthquakes/stream")
                    .redirectOutput(followed.toFile())
                    .start();
            try {
                // The stream begins with a block that holds its start, so that from here on nothing is missed.
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> Files.readString(followed).contains("id:"));

                Ran example = run(Map.of(), naru.url());

                assertThat(example.exitCode()).as(example.err()).isZero();
                assertThat(example.out().strip())
                        .isEqualTo("{\"received\":" + EARTHQUAKES + ",\"stored\":" + EARTHQUAKES + ",\"failed\":0}");
                List<JsonNode> earthquakes = earthquakes();
                assertThat(earthquakes).hasSize(EARTHQUAKES);
                assertThat(stored(api)).isEqualTo(earthquakes);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> followed(followed).size() >= EARTHQUAKES);
                assertThat(followed(followed)).isEqualTo(earthquakes);
            } finally {
                follower.destroy();
            }
        }
    }

    @Test
    void saysPlainlyThatNoNaruAnswers() throws Exception {
        Ran example = run(Map.of(), "http://localhost:1");

        assertThat(example.exitCode()).isEqualTo(1);
        assertThat(example.err())
                .contains("earthquakes: no Naru answers at http://localhost:1; start one with ./naru up");
    }

    @Test
    void saysPlainlyThatNpmIsMissing() throws Exception {
        Path tools = Files.createDirectories(temporary.resolve("bin"));
        for (String tool : List.of("bash", "dirname", "curl", "sed", "tail", "mkdir")) {
            Files.createSymbolicLink(tools.resolve(tool), onPath(tool));
        }
        Path copy = Files.createDirectories(temporary.resolve("example"));
        Files.copy(EXAMPLE.resolve("run"), copy.resolve("run"));
        ProcessBuilder builder = new ProcessBuilder(
                        onPath("bash").toString(), copy.resolve("run").toString())
                .redirectErrorStream(true);
        builder.environment().put("PATH", tools.toString());

        Process process = builder.start();

        assertThat(new String(process.getInputStream().readAllBytes()))
                .isEqualTo(
                        "earthquakes: needs npm to fetch the data (vega-datasets@3.2.1), and it is not on the PATH\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private static Path onPath(String tool) {
        for (String place : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return Path.of(place, tool);
            }
        }
        throw new AssertionError(tool + " is not on the PATH");
    }

    private static List<JsonNode> earthquakes() throws Exception {
        JsonNode collection =
                new JsonMapper().readTree(Files.readString(EXAMPLE.resolve("target/package/data/earthquakes.json")));
        return collection.path("features").valueStream().toList();
    }

    private static List<JsonNode> stored(Api api) throws Exception {
        List<JsonNode> values = new ArrayList<>();
        while (values.size() < EARTHQUAKES) {
            JsonNode page = api.get(
                            "/v1/topics/earthquakes/partitions/0/records?offset=" + values.size() + "&limit=" + PAGE)
                    .json();
            assertThat(page.path("records").isEmpty()).isFalse();
            page.path("records").forEach(record -> {
                assertThat(record.path("key").asString())
                        .isEqualTo(record.path("value").path("id").asString());
                values.add(record.path("value"));
            });
        }
        return values;
    }

    private static List<JsonNode> followed(Path file) throws Exception {
        JsonMapper json = new JsonMapper();
        String whole = Files.readString(file);
        // The last line may not be all there yet.
        return whole.substring(0, whole.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> json.readTree(line.substring("data:".length())).path("value"))
                .toList();
    }
}

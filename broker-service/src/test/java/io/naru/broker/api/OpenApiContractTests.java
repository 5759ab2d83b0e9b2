package io.naru.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Holds {@code openapi/broker.yaml} equal to what the code says. Run with {@code -Dopenapi.update=true} to write it
 * anew, and read the difference before committing it.
 */
@Timeout(120)
class OpenApiContractTests {
    private static final Path PUBLISHED = Path.of("..", "openapi", "broker.yaml");

    private static TestBroker broker;
    private static HttpCalls calls;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
        calls = broker.calls();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void thePublishedContractIsWhatRuns() throws IOException {
        String running = calls.get("/openapi.yaml").text();
        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(PUBLISHED, running);
        }

        assertThat(running)
                .as("openapi/broker.yaml is not what runs; openapi/README.md says how to write it anew")
                .isEqualTo(Files.readString(PUBLISHED));
    }

    @Test
    void everyCallIsDescribedAndEveryFailureIsAProblem() {
        JsonNode paths = calls.get("/openapi").json().path("paths");

        assertThat(paths.propertyNames())
                .contains("/v1/topics", "/v1/topics/{topic}/records", "/v1/topics/{topic}/stream", "/v1/cluster")
                .allMatch(path -> path.equals("/") || path.startsWith("/v1/"));
        paths.forEach(path -> path.forEach(operation -> {
            String id = operation.path("operationId").asString();
            assertThat(id).matches("[a-z][A-Za-z]+");
            assertThat(operation.path("summary").asString()).as(id).isNotBlank();
            operation.path("responses").forEachEntry((status, response) -> {
                if (!status.startsWith("2") && !status.startsWith("3")) {
                    assertThat(response.path("content").propertyNames())
                            .as(id + " " + status)
                            .contains("application/problem+json");
                }
            });
        }));
    }

    @Test
    void theSwaggerUiIsServedAndDescribesThisBroker() {
        Answer entry = calls.get("/swagger-ui");
        assertThat(entry.status()).isEqualTo(302);

        Answer page = calls.get(entry.header("Location"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(calls.get("/openapi/swagger-config").json().path("url").asString())
                .isEqualTo("/openapi");
    }

    @Test
    void theDescriptionIsNotServedElsewhere() {
        assertThat(calls.get("/v3/api-docs").status()).isEqualTo(404);
    }
}

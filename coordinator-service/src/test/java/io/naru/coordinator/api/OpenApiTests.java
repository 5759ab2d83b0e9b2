package io.naru.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.coordinator.testing.CoordinatorFixture;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The checked-in contract is what springdoc says of the code that runs. After a change, write it anew with {@code
 * -Dopenapi.update=true} and read the difference before committing it.
 */
class OpenApiTests {
    private static final Path CONTRACT = Path.of("..", "openapi", "coordinator.yaml");

    @Test
    void theContractIsWhatRuns(@TempDir Path directory) throws Exception {
        String running;
        try (var coordinator = CoordinatorFixture.start(directory)) {
            HttpResponse<String> answer = coordinator.get("/openapi.yaml");
            assertThat(answer.statusCode()).isEqualTo(200);
            running = answer.body();
        }
        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(CONTRACT, running);
        }

        assertThat(CONTRACT)
                .as("run this test with -Dopenapi.update=true")
                .content()
                .isEqualTo(running);
    }
}

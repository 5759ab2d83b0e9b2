package io.naru.coordinator;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.coordinator.testing.CoordinatorFixture;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A start that fails says in one line why, and leaves nothing behind that a second one would trip over. */
class StartTests {
    @TempDir
    private Path directory;

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(Map.of("server.port", taken.getLocalPort()))
                    .withMessageContaining("Port " + taken.getLocalPort())
                    .withMessageContaining("server.port");
        }
        CoordinatorFixture.start(directory).close();
    }

    @Test
    void aDirectoryInUseIsNamed() {
        try (var _ = CoordinatorFixture.start(directory)) {
            refused(Map.of()).withMessageContaining(directory.toString()).withMessageContaining("in use");
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        refused(Map.of("coordinator.data-dir", file.resolve("below"))).withMessageContaining("cannot be written");
    }

    @Test
    void aNewerFormatIsNamed() throws Exception {
        Files.writeString(directory.resolve("format"), "naru-coordinator 99 id 1\n");

        refused(Map.of()).withMessageContaining("newer version");
    }

    @ParameterizedTest
    @CsvSource({
        "coordinator.id, 0",
        "coordinator.id, x",
        "coordinator.session.timeout, soon",
        "coordinator.session.timeout, 1ms",
        "coordinator.voters, 1@nowhere",
        "coordinator.voters, 2@127.0.0.1:10080",
        "coordinator.limits.replication-factor, 2",
        "coordinator.election.timeout-max, 1ms",
        "coordinator.raft-port, 70000"
    })
    void aPropertyThatMakesNoSenseIsNamed(String property, String value) {
        refused(Map.of(property, value)).withMessageContaining(property);
    }

    private ThrowableAssertAlternative<CoordinatorStartException> refused(Map<String, ?> properties) {
        Map<String, Object> all = new HashMap<>();
        all.put("coordinator.data-dir", directory);
        all.put("server.port", CoordinatorFixture.freePort());
        all.putAll(properties);
        return assertThatExceptionOfType(CoordinatorStartException.class)
                .isThrownBy(() -> CoordinatorApplication.start(all).close())
                .matches(e -> !e.getMessage().contains("\n"), "one line");
    }
}

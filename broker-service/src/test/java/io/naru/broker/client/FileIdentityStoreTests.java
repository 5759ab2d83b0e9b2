package io.naru.broker.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.naru.broker.metadata.BrokerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityStoreTests {
    @TempDir
    private Path directory;

    @Test
    void anEmptyDirectoryHasNoIdentity() {
        assertThat(new FileIdentityStore(directory).load()).isNull();
    }

    @Test
    void theLastIdentitySavedIsLoaded() {
        var store = new FileIdentityStore(directory);
        store.save(new BrokerIdentity(1, null, UUID.randomUUID()));
        var last = new BrokerIdentity(1, UUID.randomUUID(), UUID.randomUUID());
        store.save(last);
        assertThat(new FileIdentityStore(directory).load()).isEqualTo(last);
    }

    @Test
    void aDamagedFileIsReportedNotReplaced() throws IOException {
        Files.writeString(directory.resolve("broker.json"), "{\"broker_id\":");
        assertThatIllegalStateException()
                .isThrownBy(() -> new FileIdentityStore(directory).load())
                .withMessageContaining("broker.json is damaged");
    }
}

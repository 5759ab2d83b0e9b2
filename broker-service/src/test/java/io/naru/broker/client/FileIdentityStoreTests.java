package io.naru.broker.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.broker.metadata.BrokerIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityStoreTests {
    @TempDir
    private Path directory;

    @Test
    void anEmptyDirectoryHasNoIdentity() {
        assertThat(new FileIdentityStore(List.of(directory)).load()).isNull();
    }

    @Test
    void theLastIdentitySavedIsLoaded() {
        var store = new FileIdentityStore(List.of(directory));
        store.save(new BrokerIdentity(1, null, UUID.randomUUID()));
        var last = new BrokerIdentity(1, UUID.randomUUID(), UUID.randomUUID());
        store.save(last);
        assertThat(new FileIdentityStore(List.of(directory)).load()).isEqualTo(last);
    }

    @Test
    void aDamagedFileIsReportedNotReplaced() throws IOException {
        Files.writeString(directory.resolve("broker.json"), "{\"broker_id\":");
        assertThatIllegalStateException()
                .isThrownBy(() -> new FileIdentityStore(List.of(directory)).load())
                .withMessageContaining("broker.json is damaged");
    }

    @Test
    void anyOfSeveralDirectoriesTellsWhoseItIs() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        var identity = new BrokerIdentity(1, UUID.randomUUID(), UUID.randomUUID());
        new FileIdentityStore(List.of(directory, other)).save(identity);
        assertThat(new FileIdentityStore(List.of(directory)).load()).isEqualTo(identity);
        assertThat(new FileIdentityStore(List.of(other)).load()).isEqualTo(identity);
        Path fresh = Files.createDirectory(directory.resolve("fresh"));
        assertThat(new FileIdentityStore(List.of(fresh, other)).load()).isEqualTo(identity);
    }

    @Test
    void directoriesOfDifferentBrokersAreRefused() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        new FileIdentityStore(List.of(directory)).save(new BrokerIdentity(1, null, null));
        new FileIdentityStore(List.of(other)).save(new BrokerIdentity(2, null, null));
        assertThatIllegalStateException()
                .isThrownBy(() -> new FileIdentityStore(List.of(directory, other)).load())
                .withMessageContaining("broker 2")
                .withMessageContaining("broker 1");
    }

    @Test
    void aDirectoryThatFailsDoesNotKeepTheIdentityFromBeingSaved() throws IOException {
        Path gone = directory.resolve("gone");
        var identity = new BrokerIdentity(1, null, null);
        var store = new FileIdentityStore(List.of(gone, directory));
        store.save(identity);
        assertThat(store.load()).isEqualTo(identity);
        assertThatThrownBy(() -> new FileIdentityStore(List.of(gone)).save(identity))
                .isInstanceOf(UncheckedIOException.class);
    }
}

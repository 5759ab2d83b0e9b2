package io.naru.broker.client;

import io.naru.broker.metadata.BrokerIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the identity as {@code broker.json} in the data directory. Written aside, forced, renamed, and the directory
 * forced, so that a crash leaves the old one or the new one.
 */
public final class FileIdentityStore implements BrokerIdentity.Store {
    private static final String NAME = "broker.json";

    private final Path directory;
    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    public FileIdentityStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public @Nullable BrokerIdentity load() {
        Path file = directory.resolve(NAME);
        try {
            return Files.exists(file) ? json.readValue(Files.readAllBytes(file), BrokerIdentity.class) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    file + " is damaged (" + e.getOriginalMessage()
                            + "). It names the broker and cluster this data belongs to; restore it from a backup.",
                    e);
        }
    }

    @Override
    public void save(BrokerIdentity identity) {
        Path aside = directory.resolve(NAME + ".tmp");
        try {
            try (var channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                var bytes = ByteBuffer.wrap(json.writeValueAsBytes(identity));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(aside, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            try (var channel = FileChannel.open(directory)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + aside, e);
        }
    }
}

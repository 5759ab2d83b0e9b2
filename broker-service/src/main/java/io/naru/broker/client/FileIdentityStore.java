package io.naru.broker.client;

import io.naru.broker.metadata.BrokerIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the identity as {@code broker.json} in every data directory, so that any of them alone tells whose it is. Written
 * aside, forced, renamed, and the directory forced, so that a crash leaves the old one or the new one.
 */
public final class FileIdentityStore implements BrokerIdentity.Store {
    private static final Logger LOG = System.getLogger(FileIdentityStore.class.getName());
    private static final String NAME = "broker.json";

    private final List<Path> directories;
    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** Keeps it in these directories, of which there is at least one. */
    public FileIdentityStore(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if a directory holds the data of another broker or cluster than the others
     */
    @Override
    public @Nullable BrokerIdentity load() {
        BrokerIdentity common = null;
        for (Path directory : directories) {
            BrokerIdentity own = load(directory);
            if (own != null && common != null && !own.isOfSameBrokerAs(common)) {
                throw new IllegalStateException(
                        "%s holds the data of broker %d of cluster %s, the directories before it that of broker %d of cluster %s. Name only directories that belong together."
                                .formatted(
                                        directory,
                                        own.brokerId(),
                                        own.clusterId(),
                                        common.brokerId(),
                                        common.clusterId()));
            }
            common = common == null ? own : common;
        }
        return common;
    }

    private @Nullable BrokerIdentity load(Path directory) {
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

    /** Writes it to all directories; that one fails is told, unless it is the only one. */
    @Override
    public void save(BrokerIdentity identity) {
        UncheckedIOException failure = null;
        int saved = 0;
        for (Path directory : directories) {
            try {
                save(identity, directory);
                saved++;
            } catch (UncheckedIOException e) {
                LOG.log(Level.ERROR, "The identity of this broker could not be written to " + directory, e);
                failure = e;
            }
        }
        if (saved == 0 && failure != null) {
            throw failure;
        }
    }

    private void save(BrokerIdentity identity, Path directory) {
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

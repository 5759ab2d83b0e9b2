package io.naru.broker.testing;

import io.naru.broker.metadata.ClusterView;
import io.naru.broker.metadata.Coordinator;
import io.naru.broker.metadata.ImageListener;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicConfig;
import io.naru.cluster.TopicId;
import io.naru.cluster.TopicImage;
import io.naru.cluster.TopicNames;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.cluster.protocol.QuorumView;
import io.naru.cluster.protocol.TopicCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Coordinator and broker's view in one: what is decided is acted on before the decision is answered. Its rules are the
 * coordinator's for a cluster of one broker. Tests can silence the coordinator and change the image by hand.
 * Thread-safe.
 */
public final class InMemoryCluster implements Coordinator, ClusterView {
    public static final int BROKER = 1;

    private final ImageListener listener;
    private volatile ClusterImage image = ClusterImage.EMPTY;
    private volatile boolean silent;
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(long version, CompletableFuture<ClusterImage> future) {}

    /** A cluster of this broker alone, whose images {@code listener} acts on. */
    public InMemoryCluster(ImageListener listener, String url) {
        this.listener = listener;
        apply(
                new MetadataRecord.ClusterCreated(UUID.randomUUID()),
                new MetadataRecord.BrokerRegistered(BROKER, UUID.randomUUID(), 1, UUID.randomUUID(), url, null),
                new MetadataRecord.BrokerUnfenced(BROKER, 1));
    }

    /** Lets records happen, whatever they are. */
    public void apply(MetadataRecord... records) {
        List<Waiting> reached;
        synchronized (this) {
            ClusterImage next = image.apply(List.of(records), image.version() + 1);
            listener.apply(next);
            image = next;
            reached = waiting.stream()
                    .filter(one -> one.version <= next.version())
                    .toList();
            waiting.removeAll(reached);
        }
        reached.forEach(one -> one.future.complete(image));
    }

    /** This broker knows nothing of the cluster any more, as when it has just started. */
    public synchronized void forget() {
        image = ClusterImage.EMPTY;
    }

    /** From now on no coordinator answers, or one does again. */
    public void silent(boolean now) {
        silent = now;
    }

    @Override
    public int brokerId() {
        return BROKER;
    }

    @Override
    public ClusterImage image() {
        return image;
    }

    @Override
    public synchronized CompletionStage<ClusterImage> awaitVersion(long version, Duration limit) {
        if (image.version() >= version) {
            return CompletableFuture.completedFuture(image);
        }
        var future = new CompletableFuture<ClusterImage>();
        waiting.add(new Waiting(version, future));
        return future.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized TopicCommand.Done createTopic(TopicCommand.Create command) {
        requireAnswer();
        TopicNames.requireUserName(command.name());
        if (image.topic(command.name()) != null) {
            throw new NaruException(ErrorCode.TOPIC_EXISTS, "Topic '" + command.name() + "' exists already.");
        }
        command.configs().forEach(TopicConfig::require);
        int partitions = command.partitions() == null ? 1 : command.partitions();
        if (partitions < 1
                || partitions > 1000
                || (command.replicationFactor() != null && command.replicationFactor() != 1)) {
            throw new NaruException(ErrorCode.IMPOSSIBLE_ASSIGNMENT, "One broker holds 1 to 1000 partitions once.");
        }
        var id = new TopicId(UUID.randomUUID());
        var records = new ArrayList<MetadataRecord>();
        records.add(new MetadataRecord.TopicCreated(id, command.name(), command.configs()));
        addPartitions(records, id, 0, partitions);
        apply(records.toArray(MetadataRecord[]::new));
        return new TopicCommand.Done(id, image.version());
    }

    @Override
    public synchronized TopicCommand.Done alterTopic(String topic, TopicCommand.Alter command) {
        requireAnswer();
        TopicImage known = require(topic, command.revision());
        var records = new ArrayList<MetadataRecord>();
        if (command.configs() != null) {
            command.configs().forEach((key, value) -> {
                TopicConfig config = TopicConfig.byKey(key)
                        .orElseThrow(() -> new NaruException(ErrorCode.INVALID_CONFIG, "There is no '" + key + "'."));
                TopicConfig.require(key, value == null ? config.defaultValue() : value);
                records.add(new MetadataRecord.TopicConfigChanged(known.id(), key, value));
            });
        }
        if (command.partitions() != null) {
            if (command.partitions() < known.partitions().size()) {
                throw new NaruException(ErrorCode.IMPOSSIBLE_ASSIGNMENT, "Partitions are never taken away.");
            }
            addPartitions(records, known.id(), known.partitions().size(), command.partitions());
        }
        apply(records.toArray(MetadataRecord[]::new));
        return new TopicCommand.Done(known.id(), image.version());
    }

    @Override
    public synchronized TopicCommand.Done deleteTopic(String topic, TopicCommand.Delete command) {
        requireAnswer();
        TopicImage known = require(topic, command.revision());
        apply(new MetadataRecord.TopicDeleted(known.id()));
        return new TopicCommand.Done(known.id(), image.version());
    }

    @Override
    public QuorumView quorum() {
        requireAnswer();
        return new QuorumView(
                image.clusterId(),
                "1",
                1,
                image.version(),
                List.of(new QuorumView.Member("1", "127.0.0.1:9080", "LEADER", 0L, null)));
    }

    @Override
    public BrokerRegistration.Accepted register(int brokerId, BrokerRegistration registration) {
        throw new AssertionError("this broker is registered from the start");
    }

    @Override
    public Heartbeat.Answer heartbeat(int brokerId, Heartbeat heartbeat) {
        throw new AssertionError("this broker has no session");
    }

    @Override
    public MetadataDelta metadataAfter(long version, Duration wait) {
        throw new AssertionError("this broker is told of changes at once");
    }

    /** A topic with these configs and partitions, as a user would create it. */
    public void create(String topic, int partitions, Map<String, String> configs) {
        createTopic(new TopicCommand.Create(topic, partitions, null, configs));
    }

    /** A topic of so many partitions, with the default configs. */
    public void create(String topic, int partitions) {
        create(topic, partitions, Map.of());
    }

    /** Raises a topic's number of partitions. */
    public void grow(String topic, int partitions) {
        alterTopic(topic, new TopicCommand.Alter(null, partitions, null));
    }

    /** Deletes a topic. */
    public void delete(String topic) {
        deleteTopic(topic, new TopicCommand.Delete(null));
    }

    private static void addPartitions(List<MetadataRecord> records, TopicId id, int from, int to) {
        for (int number = from; number < to; number++) {
            records.add(new MetadataRecord.PartitionCreated(id, number, List.of(BROKER), List.of(BROKER), BROKER, 0));
        }
    }

    private TopicImage require(String topic, String revision) {
        TopicImage known = image.topic(topic);
        if (known == null) {
            throw new NaruException(ErrorCode.TOPIC_NOT_FOUND, "There is no topic '" + topic + "'.");
        }
        if (revision != null && !revision.equals(known.revision())) {
            throw new NaruException(ErrorCode.PRECONDITION_FAILED, "Topic '" + topic + "' has changed.");
        }
        return known;
    }

    private void requireAnswer() {
        if (silent) {
            throw new NaruException(ErrorCode.COORDINATOR_UNAVAILABLE, "No coordinator answers.");
        }
    }
}

package io.naru.broker.testing;

import io.naru.broker.metadata.ClusterView;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.broker.partition.TopicSettings;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.cluster.TopicImage;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.disk.InMemoryDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One broker's view of a cluster in which it leads every partition. Thread-safe. */
public final class TestCluster implements Partitions, ClusterView, AutoCloseable {
    private final LogDirectory directory;
    private final Map<String, List<TestPartition>> topics = new ConcurrentHashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile ClusterImage image = ClusterImage.EMPTY;
    private volatile @Nullable NaruException withheld;

    private record Waiting(long version, CompletableFuture<ClusterImage> future) {}

    public TestCluster() {
        try {
            directory = LogDirectory.open(new InMemoryDisk(), Path.of("/data"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a topic. */
    public void create(String topic, int partitions) {
        TopicId id = new TopicId(UUID.randomUUID());
        topics.put(topic, List.of());
        apply(List.of(new MetadataRecord.TopicCreated(id, topic, Map.of())));
        grow(topic, partitions);
    }

    /** Raises a topic's number of partitions. */
    public synchronized void grow(String topic, int partitions) {
        TopicImage known = known(topic);
        var grown = new ArrayList<>(topics.get(topic));
        var records = new ArrayList<MetadataRecord>();
        for (int number = grown.size(); number < partitions; number++) {
            grown.add(open(topic, known.id(), number));
            records.add(new MetadataRecord.PartitionCreated(known.id(), number, List.of(1), List.of(1), 1, 0));
        }
        topics.put(topic, List.copyOf(grown));
        apply(records);
    }

    /** Deletes a topic, whose partitions cannot be read any more. */
    public void delete(String topic) {
        List<TestPartition> gone = topics.remove(topic);
        apply(List.of(new MetadataRecord.TopicDeleted(known(topic).id())));
        gone.forEach(partition -> partition.fail(
                new NaruException(ErrorCode.LEADER_UNAVAILABLE, "This broker does not lead the partition now.")));
    }

    /** Lets {@link #partition} fail from now on, as if the partition had no leader; null lets it succeed again. */
    public void withhold(@Nullable NaruException reason) {
        withheld = reason;
    }

    /** The partition, with the handles of the double. */
    @Override
    public TestPartition partition(String topic, int partition) {
        NaruException reason = withheld;
        if (reason != null) {
            throw reason;
        }
        List<TestPartition> all = topics.get(topic);
        if (all == null) {
            throw new NaruException(ErrorCode.TOPIC_NOT_FOUND, "There is no topic '" + topic + "'.");
        }
        if (partition < 0 || partition >= all.size()) {
            throw new NaruException(
                    ErrorCode.PARTITION_NOT_FOUND, "Topic '" + topic + "' has no partition " + partition + ".");
        }
        return all.get(partition);
    }

    @Override
    public int partitionCount(String topic) {
        List<TestPartition> all = topics.get(topic);
        if (all == null) {
            throw new NaruException(ErrorCode.TOPIC_NOT_FOUND, "There is no topic '" + topic + "'.");
        }
        return all.size();
    }

    @Override
    public List<Partition> held(String topic) {
        return List.copyOf(topics.getOrDefault(topic, List.of()));
    }

    @Override
    public int brokerId() {
        return 1;
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
    public void close() throws IOException {
        directory.close();
    }

    private void apply(List<MetadataRecord> records) {
        List<Waiting> reached;
        synchronized (this) {
            image = image.apply(records, image.version() + 1);
            reached = waiting.stream()
                    .filter(one -> one.version <= image.version())
                    .toList();
            waiting.removeAll(reached);
        }
        reached.forEach(one -> one.future.complete(image));
    }

    private TopicImage known(String topic) {
        TopicImage known = image.topic(topic);
        if (known == null) {
            throw new IllegalStateException("No topic " + topic);
        }
        return known;
    }

    private TestPartition open(String topic, TopicId id, int number) {
        TopicSettings settings = TopicSettings.of(Map.of(), Map.of());
        try {
            return new TestPartition(
                    topic, id, number, settings, directory.openLog(topic + "/" + number + "-" + id, settings.log()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.naru.broker.partition;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.TopicPartition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The partitions this broker holds, as far as the image it has acted on says. Lookups are safe from any thread; the
 * {@link PartitionHost} alone changes what is held.
 */
public final class LocalPartitions implements Partitions {
    private final Map<TopicPartition, LocalPartition> open = new ConcurrentHashMap<>();
    private final Map<TopicPartition, String> failures = new ConcurrentHashMap<>();

    private volatile ClusterImage image = ClusterImage.EMPTY;
    private volatile boolean closed;

    @Override
    public Partition partition(String topic, int partition) {
        TopicImage known = topic(topic);
        PartitionImage wanted = known.partition(partition);
        if (wanted == null) {
            throw new NaruException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "Topic '%s' has the partitions 0 to %d, and no %d."
                            .formatted(topic, known.partitions().size() - 1, partition));
        }
        var key = new TopicPartition(known.id(), partition);
        LocalPartition held = open.get(key);
        if (held != null && held.leading()) {
            return held;
        }
        String failure = failures.get(key);
        if (failure != null) {
            throw new NaruException(
                    ErrorCode.STORAGE_FAILED,
                    "The log of %s/%d is out of order: %s".formatted(topic, partition, failure));
        }
        throw new NaruException(
                ErrorCode.LEADER_UNAVAILABLE,
                "%s/%d has no leader here at the moment. Send again in a moment.".formatted(topic, partition));
    }

    @Override
    public int partitionCount(String topic) {
        return topic(topic).partitions().size();
    }

    @Override
    public List<Partition> held(String topic) {
        TopicImage known = image.topic(topic);
        if (known == null) {
            return List.of();
        }
        return known.partitions().stream()
                .flatMap(p -> Stream.ofNullable(open.get(new TopicPartition(known.id(), p.partition()))))
                .map(Partition.class::cast)
                .toList();
    }

    /** Partitions whose log could not be opened or kept, with the reason. */
    public Map<TopicPartition, String> failures() {
        return Map.copyOf(failures);
    }

    /** How many partitions this broker holds a log of. */
    public int heldCount() {
        return open.size();
    }

    /** How many of them it leads. */
    public long ledCount() {
        return open.values().stream().filter(LocalPartition::leading).count();
    }

    /** Bytes of all logs on this broker's disk. */
    public long sizeInBytes() {
        return open.values().stream().mapToLong(LocalPartition::sizeInBytes).sum();
    }

    @Nullable
    LocalPartition get(TopicPartition key) {
        return open.get(key);
    }

    Map<TopicPartition, LocalPartition> all() {
        return Collections.unmodifiableMap(open);
    }

    void put(TopicPartition key, LocalPartition partition) {
        failures.remove(key);
        open.put(key, partition);
    }

    void putFailure(TopicPartition key, String reason) {
        failures.put(key, reason);
    }

    void remove(TopicPartition key) {
        failures.remove(key);
        open.remove(key);
    }

    /** The image this broker has acted on; requests are judged by it from now on. */
    void publish(ClusterImage acted) {
        image = acted;
    }

    ClusterImage image() {
        return image;
    }

    /** Turns every further request away. */
    void close() {
        closed = true;
    }

    private TopicImage topic(String name) {
        ClusterImage now = image;
        if (closed) {
            throw new NaruException(ErrorCode.SHUTTING_DOWN, "The broker is stopping. Send again.");
        }
        if (now.version() == 0) {
            throw new NaruException(
                    ErrorCode.NOT_READY, "The broker has just started and does not know the topics yet. Send again.");
        }
        TopicImage known = now.topic(name);
        if (known == null) {
            throw new NaruException(
                    ErrorCode.TOPIC_NOT_FOUND, "There is no topic '%s'. POST /v1/topics creates one.".formatted(name));
        }
        return known;
    }
}

package io.naru.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows of one topic.
 *
 * @param configs only those that were set; the rest follow the brokers' defaults
 * @param partitions by number, without gaps
 */
public record TopicImage(TopicId id, String name, Map<String, String> configs, List<PartitionImage> partitions) {
    public TopicImage {
        configs = Map.copyOf(configs);
        partitions = List.copyOf(partitions);
    }

    /** The partition, or null when the topic has no such number. */
    public @Nullable PartitionImage partition(int number) {
        return number >= 0 && number < partitions.size() ? partitions.get(number) : null;
    }

    /** How many replicas each partition has; partitions of one topic agree but for a reassignment under way. */
    public int replicationFactor() {
        return partitions.isEmpty() ? 0 : partitions.getFirst().replicas().size();
    }

    /** A short text that changes whenever a user's change to the topic does: its id, configs and partition count. */
    public String revision() {
        var crc = new CRC32C();
        String state = id + " " + partitions.size() + " " + new TreeMap<>(configs);
        crc.update(state.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }

    TopicImage withConfig(String key, @Nullable String value) {
        var changed = new TreeMap<>(configs);
        if (value == null) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        return new TopicImage(id, name, changed, partitions);
    }

    /** Puts a partition in its place, replacing what stood there or adding it at the end. */
    TopicImage withPartition(PartitionImage partition) {
        var changed = new ArrayList<>(partitions);
        if (partition.partition() == changed.size()) {
            changed.add(partition);
        } else {
            changed.set(partition.partition(), partition);
        }
        return new TopicImage(id, name, configs, Collections.unmodifiableList(changed));
    }
}

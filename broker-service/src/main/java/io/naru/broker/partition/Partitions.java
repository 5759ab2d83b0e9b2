package io.naru.broker.partition;

import io.naru.cluster.NaruException;
import java.util.List;

/** Finds partitions by what users call them. Thread-safe; never blocks. */
public interface Partitions {
    /**
     * A partition to write to or read from.
     *
     * @throws NaruException {@code TOPIC_NOT_FOUND}, {@code PARTITION_NOT_FOUND}, {@code LEADER_UNAVAILABLE} while no
     *     broker leads it, {@code STORAGE_FAILED} when its log is out of order, {@code NOT_READY} before the first
     *     image, {@code SHUTTING_DOWN}
     */
    Partition partition(String topic, int partition);

    /**
     * How many partitions a topic has.
     *
     * @throws NaruException {@code TOPIC_NOT_FOUND}, {@code NOT_READY}
     */
    int partitionCount(String topic);

    /** The partitions of a topic this broker holds a log of, in order; empty when the topic is unknown. */
    List<Partition> held(String topic);
}

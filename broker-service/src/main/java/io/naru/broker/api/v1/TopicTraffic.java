package io.naru.broker.api.v1;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.metadata.ClusterView;
import io.naru.cluster.ClusterImage;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts records and bytes per topic in one direction, under the stems that Kafka's operators know: {@code messages} and
 * {@code bytes}, each with {@code in} or {@code out}. A topic's counters go when the topic does. Thread-safe.
 */
public final class TopicTraffic {
    /** More topics than this are counted together: each name is a series of its own in every scrape. */
    static final int MOST_TOPICS = 10_000;

    /** Stands for the topics that have no counters of their own, those that are being deleted among them. */
    static final String THE_REST = "…";

    private final MeterRegistry registry;
    private final ClusterView cluster;
    private final Direction direction;
    private final Map<String, Counters> topics = new ConcurrentHashMap<>();

    /**
     * What is counted, and how the meters describe it.
     *
     * @param suffix {@code in} or {@code out}
     */
    public record Direction(String suffix, String messagesHelp, String bytesHelp) {}

    private record Counters(Counter messages, Counter bytes) {}

    /** No topic has been counted yet; {@code images} tells when one is gone. */
    public TopicTraffic(MeterRegistry registry, ClusterView cluster, ImageWatch images, Direction direction) {
        this.registry = registry;
        this.cluster = cluster;
        this.direction = direction;
        images.listen(_ -> forgetTopicsThatAreGone());
    }

    /** Counts what has passed. */
    public void count(String topic, long messages, long bytes) {
        Counters counters = of(topic);
        counters.messages.increment((double) messages);
        counters.bytes.increment((double) bytes);
    }

    private Counters of(String topic) {
        Counters known = topics.get(topic);
        if (known != null) {
            return known;
        }
        boolean own = topics.size() < MOST_TOPICS && cluster.image().topic(topic) != null;
        return topics.computeIfAbsent(own ? topic : THE_REST, this::register);
    }

    private Counters register(String topic) {
        return new Counters(
                counter("messages", topic, direction.messagesHelp), counter("bytes", topic, direction.bytesHelp));
    }

    private Counter counter(String what, String topic, String help) {
        return Counter.builder(what + direction.suffix)
                .tag("topic", topic)
                .description(help)
                .register(registry);
    }

    /** Looks at the newest image: a topic counted here may be younger than the one that is told of. */
    private void forgetTopicsThatAreGone() {
        ClusterImage image = cluster.image();
        Iterator<Map.Entry<String, Counters>> each = topics.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Counters> entry = each.next();
            if (image.topic(entry.getKey()) == null && !entry.getKey().equals(THE_REST)) {
                each.remove();
                registry.remove(entry.getValue().messages);
                registry.remove(entry.getValue().bytes);
            }
        }
    }
}

package io.naru.broker.api.v1;

import io.naru.broker.metadata.ClusterView;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicImage;
import java.util.Map;

/**
 * What the calls that describe things look at. Immutable.
 *
 * @param brokerDefaults the broker's own defaults of topic configs
 * @param advertisedUrl where clients reach this broker, without a slash at the end
 */
public record BrokerContext(
        ClusterView cluster, Partitions partitions, Map<String, String> brokerDefaults, String advertisedUrl) {
    public BrokerContext {
        brokerDefaults = Map.copyOf(brokerDefaults);
        advertisedUrl =
                advertisedUrl.endsWith("/") ? advertisedUrl.substring(0, advertisedUrl.length() - 1) : advertisedUrl;
    }

    /**
     * The newest image.
     *
     * @throws NaruException {@code NOT_READY} before the first, which would describe an empty cluster
     */
    public ClusterImage image() {
        ClusterImage image = cluster.image();
        if (image.version() == 0) {
            throw new NaruException(
                    ErrorCode.NOT_READY, "The broker has just started and does not know the cluster yet. Ask again.");
        }
        return image;
    }

    /**
     * A topic of an image.
     *
     * @throws NaruException {@code TOPIC_NOT_FOUND}
     */
    public static TopicImage topic(ClusterImage image, String name) {
        TopicImage topic = image.topic(name);
        if (topic == null) {
            throw topicNotFound(name);
        }
        return topic;
    }

    /** There is no such topic. */
    public static NaruException topicNotFound(String name) {
        return new NaruException(
                ErrorCode.TOPIC_NOT_FOUND, "There is no topic '%s'. POST /v1/topics creates one.".formatted(name));
    }
}

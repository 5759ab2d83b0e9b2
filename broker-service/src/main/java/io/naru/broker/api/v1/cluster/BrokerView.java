package io.naru.broker.api.v1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.partition.Partition;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One broker. */
@Schema(name = "Broker")
record BrokerView(
        @Schema(example = "1") int id,

        @Schema(description = "Where clients and other brokers reach it", example = "http://127.0.0.1:8080")
        String url,

        @Schema(nullable = true) @Nullable String rack,
        State state,

        @Schema(description = "Of its latest registration; grows with every one of any broker")
        long epoch,

        @JsonProperty("led_partitions") int ledPartitions,
        @JsonProperty("followed_partitions") int followedPartitions,

        @Schema(description = "Of all logs on its disk; null for other brokers than the one asked", nullable = true)
        @Nullable
        Long bytes) {

    /** Whether a broker may lead. */
    enum State {
        @JsonProperty("active")
        ACTIVE,
        /** Its session has ended, or it has not caught up since it came. */
        @JsonProperty("fenced")
        FENCED
    }

    /** All brokers of an image, by id. */
    static List<BrokerView> all(ClusterImage image, BrokerContext context) {
        var led = new HashMap<Integer, Integer>();
        var held = new HashMap<Integer, Integer>();
        image.topics()
                .values()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    led.merge(partition.leader(), 1, Integer::sum);
                    partition.replicas().forEach(replica -> held.merge(replica, 1, Integer::sum));
                }));
        return image.brokers().values().stream()
                .map(broker -> of(broker, led, held, image, context))
                .toList();
    }

    private static BrokerView of(
            BrokerImage broker,
            Map<Integer, Integer> led,
            Map<Integer, Integer> held,
            ClusterImage image,
            BrokerContext context) {
        int leads = led.getOrDefault(broker.id(), 0);
        return new BrokerView(
                broker.id(),
                broker.url(),
                broker.rack(),
                broker.fenced() ? State.FENCED : State.ACTIVE,
                broker.epoch(),
                leads,
                held.getOrDefault(broker.id(), 0) - leads,
                broker.id() == context.cluster().brokerId() ? bytesHeld(image, context) : null);
    }

    private static long bytesHeld(ClusterImage image, BrokerContext context) {
        return image.topics().keySet().stream()
                .flatMap(topic -> context.partitions().held(topic).stream())
                .mapToLong(Partition::sizeInBytes)
                .sum();
    }
}

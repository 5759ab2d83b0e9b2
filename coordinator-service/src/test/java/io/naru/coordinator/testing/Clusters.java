package io.naru.coordinator.testing;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.TopicCommand;
import io.naru.coordinator.control.ClusterLimits;
import io.naru.coordinator.control.Command;
import io.naru.coordinator.control.DecisionContext;
import io.naru.coordinator.control.Result;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A cluster in memory that commands are decided on and applied to, one entry each. */
public final class Clusters {
    private final Supplier<UUID> ids = countedIds();
    private final ClusterLimits limits;
    private ClusterImage image = ClusterImage.EMPTY;

    public Clusters(ClusterLimits limits) {
        this.limits = limits;
        decide(new Command.CreateCluster());
    }

    public Clusters() {
        this(ClusterLimits.DEFAULTS);
    }

    /** Limits that let partitions have up to three replicas, as the logic already can. */
    public static ClusterLimits replicating() {
        return new ClusterLimits(1_000, 10_000, 1_000, 100_000, 3);
    }

    /** Ids that are the same in every run. */
    public static Supplier<UUID> countedIds() {
        var next = new AtomicLong();
        return () -> new UUID(0x4e61727500000000L, next.incrementAndGet());
    }

    public ClusterImage image() {
        return image;
    }

    /** What the command would record and answer, without applying it. */
    public <R> Result<R> peek(Command<R> command) {
        return command.decide(image, new DecisionContext(image.version() + 1, ids, limits));
    }

    /** Decides, applies, answers. */
    public <R> R decide(Command<R> command) {
        Result<R> result = peek(command);
        apply(result.records());
        return result.response();
    }

    public void apply(List<MetadataRecord> records) {
        if (!records.isEmpty()) {
            image = image.apply(records, image.version() + 1);
        }
    }

    /** A broker that is registered and unfenced; its incarnation and directory follow from its id. */
    public long broker(int id) {
        long epoch = decide(new Command.RegisterBroker(
                id,
                registration(id),
                image.broker(id) == null ? -1 : image.broker(id).epoch()));
        decide(new Command.UnfenceBroker(id, epoch, image.version()));
        return epoch;
    }

    public static BrokerRegistration registration(int id) {
        return registration(new UUID(1, id), null, new UUID(2, id));
    }

    public static BrokerRegistration registration(UUID incarnation, UUID previous, UUID directory) {
        return new BrokerRegistration(null, incarnation, previous, directory, "http://127.0.0.1:8080", null);
    }

    public static TopicCommand.Create topic(String name, Integer partitions, Integer replicationFactor) {
        return new TopicCommand.Create(name, partitions, replicationFactor, Map.of());
    }
}

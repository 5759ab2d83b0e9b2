package io.naru.coordinator.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.coordinator.decider.Decider;
import io.naru.coordinator.decider.DeciderObserver;
import io.naru.coordinator.quorum.RatisQuorum;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a coordinator tells of itself to whoever watches it. */
final class CoordinatorMetrics implements MeterBinder, DeciderObserver {
    private @Nullable RatisQuorum quorum;
    private @Nullable Decider decider;
    private volatile @Nullable Timer decide;
    private volatile @Nullable Timer apply;
    private volatile @Nullable Counter again;

    /** Names whom to watch; before the first meter is bound. */
    void watch(RatisQuorum watchedQuorum, Decider watchedDecider) {
        quorum = watchedQuorum;
        decider = watchedDecider;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Decider leading = decider;
        if (leading != null) {
            Gauge.builder("activecontrollercount", leading, d -> d.isLeading() ? 1 : 0)
                    .description("1 on the coordinator that leads")
                    .register(registry);
        }
        image(registry, "metadata_version", "Image version applied", ClusterImage::version);
        image(
                registry,
                "brokers_registered",
                "Brokers that have an id",
                image -> image.brokers().size());
        image(
                registry,
                "brokers_fenced",
                "Registered brokers that may not lead",
                image -> image.brokers().values().stream()
                        .filter(BrokerImage::fenced)
                        .count());
        image(registry, "topics", "Topics", image -> image.topics().size());
        image(
                registry,
                "partitions",
                "Partitions of all topics",
                image -> partitions(image).count());
        image(
                registry,
                "offlinepartitionscount",
                "Partitions without a leader",
                image -> partitions(image)
                        .filter(partition -> !partition.hasLeader())
                        .count());
        decide = Timer.builder("decide")
                .description("Time to decide the commands of one entry")
                .register(registry);
        apply = Timer.builder("apply")
                .description("Time from a command's arrival until it is applied")
                .register(registry);
        again = Counter.builder("decided_again")
                .description("Times that speculation was dropped because an entry did not take effect as decided")
                .register(registry);
    }

    @Override
    public void decided(int commands, long nanos) {
        record(decide, nanos);
    }

    @Override
    public void applied(long nanos) {
        record(apply, nanos);
    }

    @Override
    public void decidedAgain() {
        Counter counter = again;
        if (counter != null) {
            counter.increment();
        }
    }

    private void image(MeterRegistry registry, String name, String description, ToDoubleFunction<ClusterImage> value) {
        RatisQuorum watched = quorum;
        if (watched != null) {
            Gauge.builder(name, watched, q -> value.applyAsDouble(q.image()))
                    .description(description)
                    .register(registry);
        }
    }

    private static void record(@Nullable Timer timer, long nanos) {
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static Stream<PartitionImage> partitions(ClusterImage image) {
        return image.topics().values().stream().flatMap(topic -> topic.partitions().stream());
    }
}

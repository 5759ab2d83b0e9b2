package io.naru.broker.config;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.broker.metadata.BrokerSession;
import io.naru.broker.metadata.ClusterView;
import io.naru.broker.partition.LocalPartitions;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicConfig;
import io.naru.cluster.TopicImage;
import java.util.Map;
import java.util.function.BiPredicate;

/** What operators watch of a broker, under the names they know. */
final class BrokerMetrics implements MeterBinder {
    private final ClusterView cluster;
    private final LocalPartitions partitions;
    private final BrokerSession session;
    private final Map<String, String> configDefaults;

    BrokerMetrics(
            ClusterView cluster,
            LocalPartitions partitions,
            BrokerSession session,
            Map<String, String> configDefaults) {
        this.cluster = cluster;
        this.configDefaults = configDefaults;
        this.partitions = partitions;
        this.session = session;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "partitioncount",
                "Partitions this broker holds a log of",
                partitions,
                LocalPartitions::heldCount);
        gauge(registry, "leadercount", "Partitions this broker leads", partitions, LocalPartitions::ledCount);
        gauge(
                registry,
                "failedpartitions",
                "Partitions whose log is out of order",
                partitions,
                p -> p.failures().size());
        gauge(registry, "log_size_bytes", "Bytes of all logs", partitions, LocalPartitions::sizeInBytes);
        gauge(registry, "offlinepartitionscount", "Partitions without a leader", cluster, BrokerMetrics::offline);
        gauge(
                registry,
                "underreplicatedpartitions",
                "Partitions led here that lack in-sync replicas",
                cluster,
                BrokerMetrics::underReplicated);
        gauge(
                registry,
                "underminisrpartitioncount",
                "Partitions led here with fewer in-sync replicas than min.insync.replicas",
                this,
                BrokerMetrics::underMinIsr);
        gauge(
                registry,
                "metadata_version",
                "Image version replayed",
                cluster,
                c -> c.image().version());
        gauge(
                registry,
                "broker_active",
                "1 while unfenced and caught up",
                session,
                s -> s.state() == BrokerSession.State.ACTIVE ? 1 : 0);
    }

    private static <T> void gauge(
            MeterRegistry registry, String name, String help, T source, java.util.function.ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(help).register(registry);
    }

    private static double offline(ClusterView cluster) {
        long count = 0;
        for (TopicImage topic : cluster.image().topics().values()) {
            count += topic.partitions().stream().filter(p -> !p.hasLeader()).count();
        }
        return count;
    }

    private static double underReplicated(ClusterView cluster) {
        return ledHere(
                cluster,
                (_, partition) -> partition.isr().size() < partition.replicas().size());
    }

    private double underMinIsr() {
        return ledHere(
                cluster,
                (topic, partition) -> partition.isr().size()
                        < TopicConfig.MIN_INSYNC_REPLICAS.longIn(topic.configs(), configDefaults));
    }

    private static double ledHere(ClusterView cluster, BiPredicate<TopicImage, PartitionImage> which) {
        long count = 0;
        for (TopicImage topic : cluster.image().topics().values()) {
            count += topic.partitions().stream()
                    .filter(p -> p.leader() == cluster.brokerId() && which.test(topic, p))
                    .count();
        }
        return count;
    }
}

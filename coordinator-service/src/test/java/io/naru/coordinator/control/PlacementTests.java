package io.naru.coordinator.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.coordinator.testing.Clusters;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PlacementTests {
    @Property(tries = 200)
    void replicasAndLeadershipsAreBalancedWithinOne(
            @ForAll @IntRange(min = 1, max = 12) int brokers,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 20) Integer> partitionCounts,
            @ForAll @IntRange(min = 1, max = 3) int wishedReplication) {
        var cluster = new Clusters(Clusters.replicating());
        for (int id = 1; id <= brokers; id++) {
            cluster.broker(id);
        }
        int replication = Math.min(wishedReplication, brokers);
        for (int i = 0; i < partitionCounts.size(); i++) {
            cluster.decide(new Command.CreateTopic(Clusters.topic("t" + i, partitionCounts.get(i), replication)));

            assertThat(spread(counts(cluster.image(), p -> p.replicas().stream())))
                    .isLessThanOrEqualTo(1);
            assertThat(spread(counts(cluster.image(), p -> Stream.of(p.leader()))))
                    .isLessThanOrEqualTo(1);
        }
    }

    @Property(tries = 100)
    void oneStateAlwaysGivesOnePlacement(
            @ForAll @IntRange(min = 1, max = 9) int brokers, @ForAll @IntRange(min = 1, max = 30) int partitions) {
        var one = new Clusters(Clusters.replicating());
        var other = new Clusters(Clusters.replicating());
        for (int id = 1; id <= brokers; id++) {
            one.broker(id);
            other.broker(id);
        }

        one.decide(new Command.CreateTopic(Clusters.topic("orders", partitions, null)));
        other.decide(new Command.CreateTopic(Clusters.topic("orders", partitions, null)));

        assertThat(one.image()).isEqualTo(other.image());
    }

    @Property(tries = 100)
    void whatExistsNeverMoves(
            @ForAll @IntRange(min = 1, max = 9) int brokers,
            @ForAll @IntRange(min = 1, max = 20) int partitions,
            @ForAll @IntRange(min = 1, max = 20) int more) {
        var cluster = new Clusters(Clusters.replicating());
        for (int id = 1; id <= brokers; id++) {
            cluster.broker(id);
        }
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", partitions, null)));
        var before = cluster.image().topic("orders").partitions();

        cluster.broker(brokers + 1);
        cluster.decide(new Command.AlterTopic(
                "orders", new io.naru.cluster.protocol.TopicCommand.Alter(null, partitions + more, null)));

        assertThat(cluster.image().topic("orders").partitions()).startsWith(before.toArray(PartitionImage[]::new));
    }

    private static Map<Integer, Integer> counts(
            ClusterImage image, Function<PartitionImage, Stream<Integer>> brokersOf) {
        var counts = new TreeMap<Integer, Integer>();
        image.brokers().keySet().forEach(id -> counts.put(id, 0));
        image.topics().values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .flatMap(brokersOf)
                .forEach(id -> counts.merge(id, 1, Integer::sum));
        return counts;
    }

    private static int spread(Map<Integer, Integer> counts) {
        return counts.values().stream().mapToInt(c -> c).max().orElse(0)
                - counts.values().stream().mapToInt(c -> c).min().orElse(0);
    }
}

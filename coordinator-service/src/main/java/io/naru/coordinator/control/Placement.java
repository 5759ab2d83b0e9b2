package io.naru.coordinator.control;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where new partitions go: each onto the unfenced brokers that hold the fewest replicas, led by the one of them that
 * is preferred leader of the fewest partitions; ties go to the lower id. Nothing that exists is moved, and the same
 * state always gives the same placement. Used by one decision, then thrown away.
 */
final class Placement {
    private final List<Load> loads;

    private static final class Load {
        private final int broker;
        private int replicas;
        private int preferred;

        Load(int broker) {
            this.broker = broker;
        }
    }

    private static final Comparator<Load> HELD = Comparator.comparingInt(load -> load.replicas);
    private static final Comparator<Load> LED = Comparator.comparingInt(load -> load.preferred);

    Placement(ClusterImage image) {
        Map<Integer, Load> byBroker = new TreeMap<>();
        for (BrokerImage broker : image.brokers().values()) {
            if (!broker.fenced()) {
                byBroker.put(broker.id(), new Load(broker.id()));
            }
        }
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                count(byBroker, partition);
            }
        }
        this.loads = new ArrayList<>(byBroker.values());
    }

    /** How many brokers can take a replica now. */
    int brokers() {
        return loads.size();
    }

    /**
     * Replicas for one more partition, the preferred leader first.
     *
     * @param replicationFactor from 1 to {@link #brokers()}
     */
    List<Integer> next(int replicationFactor) {
        // One that should lead more, and beside it those that lead enough already: so leaders are left for later.
        Load first = loads.stream().min(HELD.thenComparing(LED)).orElseThrow();
        var chosen = new ArrayList<Load>();
        chosen.add(first);
        loads.stream()
                .filter(load -> load != first)
                .sorted(HELD.thenComparing(LED.reversed()))
                .limit(replicationFactor - 1L)
                .forEach(chosen::add);
        chosen.sort(LED.thenComparing(HELD));
        chosen.getFirst().preferred++;
        chosen.forEach(load -> load.replicas++);
        return chosen.stream().map(load -> load.broker).toList();
    }

    private static void count(Map<Integer, Load> byBroker, PartitionImage partition) {
        for (int i = 0; i < partition.replicas().size(); i++) {
            Load load = byBroker.get(partition.replicas().get(i));
            if (load != null) {
                load.replicas++;
                load.preferred += i == 0 ? 1 : 0;
            }
        }
    }
}

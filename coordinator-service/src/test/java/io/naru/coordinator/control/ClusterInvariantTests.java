package io.naru.coordinator.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.MetadataCodec;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.TopicPartition;
import io.naru.cluster.protocol.TopicCommand;
import io.naru.coordinator.testing.Clusters;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens in whatever order, these hold after every entry, and after every record of one. */
class ClusterInvariantTests {
    /** Something that happens: what, to which broker, to which topic, and how much. */
    record Step(int kind, int broker, int topic, int amount) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 5))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void everyImageIsSound(@ForAll("histories") List<Step> history) {
        var cluster = new Clusters(Clusters.replicating());
        for (Step step : history) {
            ClusterImage before = cluster.image();
            List<MetadataRecord> records;
            try {
                records = cluster.peek(command(step, before)).records();
            } catch (NaruException _) {
                continue;
            }
            requireEachRecordSound(before, records);
            cluster.apply(records);
            requireSound(cluster.image(), true);
            requireMonotonic(before, cluster.image());
            requireSurvivesASnapshot(cluster.image());
        }
    }

    private static Command<?> command(Step step, ClusterImage image) {
        int id = step.broker();
        BrokerImage known = image.broker(id);
        long epoch = known == null ? 0 : known.epoch();
        String topic = "topic-" + step.topic();
        var sameDirectory = Clusters.registration(
                new UUID(image.version(), id), known == null ? null : known.incarnation(), new UUID(2, id));
        return switch (step.kind()) {
            case 0 -> new Command.RegisterBroker(id, sameDirectory, epoch);
            case 1 ->
                new Command.RegisterBroker(
                        id,
                        Clusters.registration(new UUID(image.version(), id), null, new UUID(3, image.version())),
                        epoch);
            case 2 -> new Command.FenceBroker(id, epoch);
            case 3, 4, 5 -> new Command.UnfenceBroker(id, epoch, image.version());
            case 6, 7 -> new Command.CreateTopic(Clusters.topic(topic, step.amount(), null));
            case 8 -> new Command.AlterTopic(topic, new TopicCommand.Alter(null, step.amount() * 2, null));
            default -> new Command.DeleteTopic(topic, new TopicCommand.Delete(null));
        };
    }

    /** A large change may be cut between any two records: what is there then must be sound, but for the last touch. */
    private static void requireEachRecordSound(ClusterImage before, List<MetadataRecord> records) {
        ClusterImage image = before;
        for (MetadataRecord item : records) {
            image = image.apply(List.of(item), image.version() + 1);
            requireSound(image, false);
        }
    }

    private static void requireSound(ClusterImage image, boolean settled) {
        var names = new HashSet<String>();
        for (TopicImage topic : image.topics().values()) {
            assertThat(names.add(topic.name().replace('.', '_'))).isTrue();
            for (PartitionImage partition : topic.partitions()) {
                assertThat(partition.replicas()).doesNotHaveDuplicates().isNotEmpty();
                assertThat(partition.replicas()).containsAll(partition.isr());
                assertThat(partition.isr()).doesNotHaveDuplicates();
                if (partition.hasLeader()) {
                    assertThat(partition.isr()).contains(partition.leader());
                }
                if (settled) {
                    requireLedByTheLiving(image, partition);
                }
            }
        }
    }

    private static void requireLedByTheLiving(ClusterImage image, PartitionImage partition) {
        List<Integer> able = partition.isr().stream()
                .filter(id -> !image.broker(id).fenced())
                .toList();
        assertThat(partition.hasLeader()).isEqualTo(!able.isEmpty());
        if (partition.hasLeader()) {
            assertThat(able).contains(partition.leader());
            assertThat(able).isEqualTo(partition.isr());
        }
    }

    private static void requireMonotonic(ClusterImage before, ClusterImage after) {
        for (BrokerImage broker : before.brokers().values()) {
            assertThat(after.broker(broker.id()).epoch()).isGreaterThanOrEqualTo(broker.epoch());
        }
        for (TopicImage topic : before.topics().values()) {
            for (PartitionImage old : topic.partitions()) {
                PartitionImage now = after.partition(new TopicPartition(topic.id(), old.partition()));
                if (now == null) {
                    assertThat(after.topic(topic.id())).isNull();
                    continue;
                }
                assertThat(now.leaderEpoch()).isGreaterThanOrEqualTo(old.leaderEpoch());
                assertThat(now.partitionEpoch()).isGreaterThanOrEqualTo(old.partitionEpoch());
                if (now.leader() != old.leader()) {
                    assertThat(now.leaderEpoch()).isGreaterThan(old.leaderEpoch());
                }
                if (!now.equals(old)) {
                    assertThat(now.partitionEpoch()).isGreaterThan(old.partitionEpoch());
                }
            }
        }
    }

    private static void requireSurvivesASnapshot(ClusterImage image) {
        byte[] bytes = MetadataCodec.encode(MetadataDelta.snapshotOf(image));
        assertThat(MetadataCodec.decodeDelta(bytes).applyTo(ClusterImage.EMPTY)).isEqualTo(image);
    }
}

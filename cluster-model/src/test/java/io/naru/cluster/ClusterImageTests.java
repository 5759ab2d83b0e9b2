package io.naru.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.naru.cluster.MetadataRecord.BrokerFenced;
import io.naru.cluster.MetadataRecord.BrokerRegistered;
import io.naru.cluster.MetadataRecord.BrokerUnfenced;
import io.naru.cluster.MetadataRecord.ClusterCreated;
import io.naru.cluster.MetadataRecord.PartitionChanged;
import io.naru.cluster.MetadataRecord.PartitionCreated;
import io.naru.cluster.MetadataRecord.TopicConfigChanged;
import io.naru.cluster.MetadataRecord.TopicCreated;
import io.naru.cluster.MetadataRecord.TopicDeleted;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClusterImageTests {
    private static final TopicId ORDERS = new TopicId(new UUID(1, 1));
    private static final TopicId ORDERS_AGAIN = new TopicId(new UUID(1, 2));

    private static final List<MetadataRecord> HISTORY = List.of(
            new ClusterCreated(new UUID(9, 9)),
            new BrokerRegistered(1, new UUID(2, 2), 2, new UUID(3, 3), "http://127.0.0.1:8080", null),
            new BrokerUnfenced(1, 2),
            new BrokerRegistered(2, new UUID(2, 3), 3, new UUID(3, 4), "http://127.0.0.1:8081", "rack-b"),
            new TopicCreated(ORDERS, "orders", Map.of("segment.bytes", "65536")),
            new PartitionCreated(ORDERS, 0, List.of(1), List.of(1), 1, 0),
            new PartitionCreated(ORDERS, 1, List.of(2), List.of(2), MetadataRecord.NO_LEADER, 0),
            new PartitionChanged(ORDERS, 0, List.of(1), 1, 1, 1),
            new TopicConfigChanged(ORDERS, "flush.ms", "10"));

    private static ClusterImage image() {
        return ClusterImage.EMPTY.apply(HISTORY, 7);
    }

    @Test
    void recordsAddUpToAnImage() {
        ClusterImage image = image();

        assertThat(image.version()).isEqualTo(7);
        assertThat(image.brokers().get(1).fenced()).isFalse();
        assertThat(image.brokers().get(2).fenced()).isTrue();
        TopicImage orders = image.topics().get("orders");
        assertThat(orders.configs()).containsOnly(Map.entry("segment.bytes", "65536"), Map.entry("flush.ms", "10"));
        assertThat(orders.partitions()).hasSize(2);
        assertThat(orders.partitions().get(0).leaderEpoch()).isOne();
        assertThat(orders.partitions().get(1).hasLeader()).isFalse();
    }

    @Test
    void applyingInOneGoOrOneByOneGivesTheSameImage() {
        ClusterImage stepwise = ClusterImage.EMPTY;
        for (int i = 0; i < HISTORY.size(); i++) {
            stepwise = stepwise.apply(HISTORY.subList(i, i + 1), 7);
        }
        assertThat(stepwise).isEqualTo(image());
    }

    @Test
    void aSnapshotRebuildsTheImageThroughItsBytes() {
        MetadataDelta snapshot = MetadataDelta.snapshotOf(image());
        MetadataDelta decoded = MetadataCodec.decodeDelta(MetadataCodec.encode(snapshot));

        assertThat(decoded).isEqualTo(snapshot);
        assertThat(decoded.applyTo(ClusterImage.EMPTY)).isEqualTo(image());
    }

    @Test
    void anAwaitedDirectoryIsKeptAndOnlyThenTakesBytes() {
        var awaited = new ReplicaDirectory(1, new UUID(3, 3));
        var without = new PartitionChanged(ORDERS, 0, List.of(), MetadataRecord.NO_LEADER, 2, 2);
        var with = new PartitionChanged(ORDERS, 0, List.of(), MetadataRecord.NO_LEADER, 2, 2, awaited);

        byte[] shorter = MetadataCodec.encode(new MetadataDelta(false, 7, 8, List.of(without)));
        byte[] longer = MetadataCodec.encode(new MetadataDelta(false, 7, 8, List.of(with)));
        // Frame 25, type 1, length 4, topic 16, and five numbers: partition, no ISR, leader and the two epochs.
        assertThat(shorter).hasSize(25 + 1 + 4 + 16 + 5 * 4);
        assertThat(longer).hasSize(shorter.length + 4 + 16);
        assertThat(MetadataCodec.decodeDelta(shorter).records()).containsExactly(without);
        ClusterImage image = MetadataCodec.decodeDelta(longer).applyTo(image());

        assertThat(image.topics().get("orders").partitions().get(0).awaited()).isEqualTo(awaited);
        byte[] snapshot = MetadataCodec.encode(MetadataDelta.snapshotOf(image));
        assertThat(MetadataCodec.decodeDelta(snapshot).applyTo(ClusterImage.EMPTY))
                .isEqualTo(image);
        ClusterImage back = image.apply(List.of(new PartitionChanged(ORDERS, 0, List.of(1), 1, 3, 3)), 9);
        assertThat(back.topics().get("orders").partitions().get(0).awaited()).isNull();
    }

    @Test
    void everyKindOfRecordSurvivesItsBytes() {
        var all = new java.util.ArrayList<>(HISTORY);
        all.add(new BrokerFenced(1, 2));
        all.add(new TopicConfigChanged(ORDERS, "flush.ms", null));
        all.add(new TopicDeleted(ORDERS));
        var delta = new MetadataDelta(false, 7, 8, all);

        assertThat(MetadataCodec.decodeDelta(MetadataCodec.encode(delta))).isEqualTo(delta);
        assertThat(all.stream().map(Object::getClass).distinct().count())
                .isEqualTo(MetadataRecord.class.getPermittedSubclasses().length);
    }

    @Test
    void cutOrForeignBytesAreRefused() {
        byte[] bytes = MetadataCodec.encode(MetadataDelta.snapshotOf(image()));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> MetadataCodec.decodeDelta(cut));
        }
        bytes[0] ^= 1;
        assertThatIllegalArgumentException().isThrownBy(() -> MetadataCodec.decodeDelta(bytes));
    }

    @Test
    void aRecreatedTopicInheritsNothing() {
        ClusterImage image = image().apply(List.of(new TopicDeleted(ORDERS)), 8)
                .apply(List.of(new TopicCreated(ORDERS_AGAIN, "orders", Map.of())), 9)
                .apply(List.of(new PartitionChanged(ORDERS, 0, List.of(1), 1, 5, 5)), 10);

        TopicImage orders = image.topics().get("orders");
        assertThat(orders.id()).isEqualTo(ORDERS_AGAIN);
        assertThat(orders.configs()).isEmpty();
        assertThat(orders.partitions()).isEmpty();
        assertThat(image.topic(ORDERS)).isNull();
    }

    @Test
    void aStaleEpochNeitherFencesNorUnfences() {
        ClusterImage image = image().apply(List.of(new BrokerFenced(1, 1), new BrokerUnfenced(2, 1)), 8);

        assertThat(image.brokers().get(1).fenced()).isFalse();
        assertThat(image.brokers().get(2).fenced()).isTrue();
    }

    @Test
    void aDeltaFitsOnlyTheVersionItStartsFrom() {
        var delta = new MetadataDelta(false, 6, 7, List.of());
        assertThatIllegalStateException().isThrownBy(() -> delta.applyTo(image()));
    }

    @Test
    void theRevisionFollowsUserChangesOnly() {
        TopicImage before = image().topics().get("orders");
        TopicImage newLeader = image().apply(List.of(new PartitionChanged(ORDERS, 0, List.of(1), 1, 2, 2)), 8)
                .topics()
                .get("orders");
        TopicImage newConfig = image().apply(List.of(new TopicConfigChanged(ORDERS, "flush.ms", null)), 8)
                .topics()
                .get("orders");

        assertThat(newLeader.revision()).isEqualTo(before.revision());
        assertThat(newConfig.revision()).isNotEqualTo(before.revision());
    }
}

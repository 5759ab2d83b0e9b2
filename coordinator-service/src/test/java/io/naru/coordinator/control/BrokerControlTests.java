package io.naru.coordinator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.ReplicaDirectory;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.coordinator.testing.Clusters;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerControlTests {
    private static final UUID DIRECTORY = new UUID(2, 1);

    private final Clusters cluster = new Clusters(new ClusterLimits(3, 10, 10, 100, 3));

    @Test
    void aClusterGetsItsIdOnce() {
        UUID id = cluster.image().clusterId();

        assertThat(cluster.peek(new Command.CreateCluster())).isEqualTo(Result.unchanged(id));
    }

    @Test
    void aBrokersEpochIsTheVersionThatRegisteredIt() {
        long epoch = register(1, Clusters.registration(1));

        assertThat(epoch).isEqualTo(cluster.image().version());
        assertThat(cluster.image().broker(1).fenced()).isTrue();
    }

    @Test
    void aBrokerIsUnfencedOnlyOnceItHasReplayedItsRegistration() {
        long epoch = register(1, Clusters.registration(1));

        assertThat(cluster.decide(new Command.UnfenceBroker(1, epoch, epoch - 1)))
                .isFalse();
        assertThat(cluster.image().broker(1).fenced()).isTrue();
        assertThat(cluster.decide(new Command.UnfenceBroker(1, epoch, epoch))).isTrue();
        assertThat(cluster.image().broker(1).fenced()).isFalse();
        assertThat(cluster.peek(new Command.UnfenceBroker(1, epoch, epoch)).records())
                .isEmpty();
    }

    @Test
    void anOldEpochCanDoNothing() {
        long old = cluster.broker(1);
        long current = cluster.broker(1);

        assertThat(current).isGreaterThan(old);
        assertThat(cluster.decide(new Command.FenceBroker(1, old))).isFalse();
        assertThat(cluster.image().broker(1).fenced()).isFalse();
        refused(ErrorCode.STALE_BROKER_EPOCH, new Command.UnfenceBroker(1, old, 100));
        refused(ErrorCode.STALE_BROKER_EPOCH, new Command.UnfenceBroker(7, 1, 100));
    }

    @Test
    void aSecondLiveBrokerWithTheIdIsRefused() {
        register(1, Clusters.registration(1));
        var second = Clusters.registration(new UUID(9, 9), null, new UUID(9, 1));

        assertThat(refused(
                        ErrorCode.DUPLICATE_BROKER_ID,
                        new Command.RegisterBroker(1, second, Command.RegisterBroker.NOTHING_LAPSED)))
                .contains("http://127.0.0.1:8080");
    }

    @Test
    void aBrokerWhoseSessionHasLapsedIsReplaced() {
        long old = register(1, Clusters.registration(1));
        var second = Clusters.registration(new UUID(9, 9), null, DIRECTORY);

        long epoch = cluster.decide(new Command.RegisterBroker(1, second, old));

        assertThat(epoch).isGreaterThan(old);
    }

    @Test
    void anotherBrokerThatCameInBetweenIsNotReplaced() {
        long lapsed = register(1, Clusters.registration(1));
        cluster.decide(new Command.RegisterBroker(1, Clusters.registration(new UUID(8, 8), null, DIRECTORY), lapsed));

        refused(
                ErrorCode.DUPLICATE_BROKER_ID,
                new Command.RegisterBroker(1, Clusters.registration(new UUID(9, 9), null, DIRECTORY), lapsed));
    }

    @Test
    void theSuccessorFromTheSameDirectoryReplacesALiveRegistrationAtOnce() {
        long old = cluster.broker(1);
        var successor = Clusters.registration(new UUID(9, 9), new UUID(1, 1), DIRECTORY);

        long epoch = cluster.decide(new Command.RegisterBroker(1, successor, Command.RegisterBroker.NOTHING_LAPSED));

        assertThat(epoch).isGreaterThan(old);
        assertThat(cluster.image().broker(1).fenced()).isTrue();
    }

    @Test
    void aCopiedIncarnationInAnotherDirectoryIsNoSuccessor() {
        cluster.broker(1);
        var copy = Clusters.registration(new UUID(9, 9), new UUID(1, 1), new UUID(9, 1));

        refused(
                ErrorCode.DUPLICATE_BROKER_ID,
                new Command.RegisterBroker(1, copy, Command.RegisterBroker.NOTHING_LAPSED));
    }

    @Test
    void aRepeatedRegistrationGetsTheSameAnswer() {
        long epoch = cluster.broker(1);

        var again = cluster.peek(
                new Command.RegisterBroker(1, Clusters.registration(1), Command.RegisterBroker.NOTHING_LAPSED));

        assertThat(again).isEqualTo(Result.unchanged(epoch));
    }

    @Test
    void anotherClustersBrokerIsRefused() {
        var foreign =
                new BrokerRegistration(new UUID(7, 7), new UUID(1, 1), null, DIRECTORY, "http://127.0.0.1:8080", null);

        assertThat(refused(ErrorCode.FOREIGN_CLUSTER, new Command.RegisterBroker(1, foreign, -1)))
                .contains(new UUID(7, 7).toString(), cluster.image().clusterId().toString());
    }

    @Test
    void brokersAreBounded() {
        cluster.broker(1);
        cluster.broker(2);
        cluster.broker(3);

        refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, new Command.RegisterBroker(4, Clusters.registration(4), -1));
        cluster.broker(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ftp://x", "http://", "no url", "http:opaque", "//host"})
    void anAddressThatIsNoneIsRefused(String url) {
        refused(
                ErrorCode.INVALID_REQUEST,
                new Command.RegisterBroker(
                        1, new BrokerRegistration(null, new UUID(1, 1), null, DIRECTORY, url, null), -1));
    }

    @Test
    void aRegistrationWithoutWhatItNeedsIsRefused() {
        refused(ErrorCode.INVALID_REQUEST, new Command.RegisterBroker(-1, Clusters.registration(1), -1));
        refused(
                ErrorCode.INVALID_REQUEST,
                new Command.RegisterBroker(1, Clusters.registration(null, null, DIRECTORY), -1));
        refused(
                ErrorCode.INVALID_REQUEST,
                new Command.RegisterBroker(1, Clusters.registration(new UUID(1, 1), null, null), -1));
        refused(
                ErrorCode.INVALID_REQUEST,
                new Command.RegisterBroker(
                        1, new BrokerRegistration(null, new UUID(1, 1), null, DIRECTORY, "http://a", " "), -1));
        refused(
                ErrorCode.INVALID_REQUEST,
                new Command.RegisterBroker(
                        1,
                        new BrokerRegistration(
                                null, new UUID(1, 1), null, DIRECTORY, "http://" + "a".repeat(3000), null),
                        -1));
    }

    @Test
    void aSoleReplicaLeadsAgainWhenItsBrokerIsBack() {
        long epoch = cluster.broker(1);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, null)));

        cluster.decide(new Command.FenceBroker(1, epoch));
        assertThat(partition())
                .isEqualTo(new PartitionImage(0, List.of(1), List.of(1), MetadataRecord.NO_LEADER, 1, 1));

        cluster.decide(new Command.UnfenceBroker(1, epoch, cluster.image().version()));
        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1), List.of(1), 1, 2, 2));
    }

    @Test
    void aLeaderThatRegistersAgainLeadsUnderANewEpoch() {
        cluster.broker(1);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, null)));

        cluster.broker(1);

        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1), List.of(1), 1, 2, 2));
    }

    @Test
    void aBrokerThatLostItsDirectoryLeadsNothingOfWhatItHeld() {
        long epoch = cluster.broker(1);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, null)));
        var emptied = Clusters.registration(new UUID(9, 9), null, new UUID(9, 1));

        long again = cluster.decide(new Command.RegisterBroker(1, emptied, epoch));
        cluster.decide(new Command.UnfenceBroker(1, again, cluster.image().version()));

        assertThat(partition().isr()).isEmpty();
        assertThat(partition().leader()).isEqualTo(MetadataRecord.NO_LEADER);
        cluster.decide(new Command.CreateTopic(Clusters.topic("fresh", 1, null)));
        assertThat(cluster.image().topic("fresh").partition(0).leader()).isEqualTo(1);
    }

    @Test
    void aSoleReplicaLeadsAgainOnceItsDirectoryIsBack() {
        long first = cluster.broker(1);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, null)));
        long second = comesBack(1, new UUID(9, 1), first);
        assertThat(partition().awaited()).isEqualTo(new ReplicaDirectory(1, DIRECTORY));
        cluster.decide(new Command.CreateTopic(Clusters.topic("fresh", 1, null)));

        long third = comesBack(1, new UUID(9, 2), second);
        assertThat(partition().hasLeader()).isFalse();
        assertThat(partition().awaited()).isEqualTo(new ReplicaDirectory(1, DIRECTORY));
        comesBack(1, DIRECTORY, third);

        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1), List.of(1), 1, 2, 3));
        PartitionImage fresh = cluster.image().topic("fresh").partition(0);
        assertThat(fresh.hasLeader()).isFalse();
        assertThat(fresh.awaited()).isEqualTo(new ReplicaDirectory(1, new UUID(9, 1)));
    }

    @Test
    void aDirectoryThatIsBackIsInSyncButLeadsOnlyOnceItsBrokerIsUnfenced() {
        long first = cluster.broker(1);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, null)));
        long second = comesBack(1, new UUID(9, 1), first);

        cluster.decide(new Command.RegisterBroker(1, Clusters.registration(new UUID(8, 8), null, DIRECTORY), second));

        assertThat(partition().isr()).containsExactly(1);
        assertThat(partition().hasLeader()).isFalse();
    }

    @Test
    void onlyTheLastReplicaInSyncIsAwaited() {
        cluster.broker(1);
        cluster.broker(2);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, 2)));
        int first = partition().replicas().get(0);
        int last = partition().replicas().get(1);

        comesBack(first, new UUID(9, 1), cluster.image().broker(first).epoch());
        assertThat(partition().awaited()).isNull();
        assertThat(partition().leader()).isEqualTo(last);
        comesBack(last, new UUID(9, 2), cluster.image().broker(last).epoch());
        comesBack(first, new UUID(2, first), cluster.image().broker(first).epoch());
        assertThat(partition().hasLeader()).isFalse();
        comesBack(last, new UUID(2, last), cluster.image().broker(last).epoch());

        assertThat(partition().isr()).containsExactly(last);
        assertThat(partition().leader()).isEqualTo(last);
    }

    private long comesBack(int id, UUID directory, long lapsed) {
        var registration = Clusters.registration(new UUID(7, cluster.image().version()), null, directory);
        long epoch = cluster.decide(new Command.RegisterBroker(id, registration, lapsed));
        cluster.decide(new Command.UnfenceBroker(id, epoch, cluster.image().version()));
        return epoch;
    }

    @Test
    void leadershipPassesToTheNextInSyncReplica() {
        cluster.broker(1);
        long second = cluster.broker(2);
        cluster.broker(3);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, 3)));
        int leader = partition().leader();

        cluster.decide(
                new Command.FenceBroker(leader, cluster.image().broker(leader).epoch()));

        assertThat(partition().leader()).isEqualTo(partition().replicas().get(1));
        assertThat(partition().isr()).hasSize(2).doesNotContain(leader);
        assertThat(partition().leaderEpoch()).isEqualTo(1);
        assertThat(second).isPositive();
    }

    @Test
    void theLastInSyncReplicaStaysSoAndNobodyElseIsElected() {
        cluster.broker(1);
        cluster.broker(2);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 1, 2)));
        int first = partition().replicas().get(0);
        int last = partition().replicas().get(1);
        long firstEpoch = cluster.image().broker(first).epoch();

        cluster.decide(new Command.FenceBroker(first, firstEpoch));
        cluster.decide(
                new Command.FenceBroker(last, cluster.image().broker(last).epoch()));
        cluster.decide(
                new Command.UnfenceBroker(first, firstEpoch, cluster.image().version()));

        assertThat(partition().isr()).containsExactly(last);
        assertThat(partition().hasLeader()).isFalse();
    }

    @Test
    void aNewLeaderPutsHalfDoneChangesInOrder() {
        long epoch = cluster.broker(1);
        cluster.decide(new Command.CreateTopic(Clusters.topic("orders", 2, null)));
        List<MetadataRecord> whole =
                cluster.peek(new Command.FenceBroker(1, epoch)).records();
        cluster.apply(whole.subList(0, 2));
        assertThat(cluster.image().topic("orders").partition(1).leader()).isEqualTo(1);

        assertThat(cluster.decide(new Command.SettleLeaderships())).isEqualTo(1);

        assertThat(cluster.image().topic("orders").partitions()).noneMatch(PartitionImage::hasLeader);
        assertThat(cluster.peek(new Command.SettleLeaderships()).records()).isEmpty();
    }

    private PartitionImage partition() {
        return cluster.image().topic("orders").partition(0);
    }

    private long register(int id, BrokerRegistration registration) {
        return cluster.decide(new Command.RegisterBroker(id, registration, Command.RegisterBroker.NOTHING_LAPSED));
    }

    private String refused(ErrorCode code, Command<?> command) {
        var before = cluster.image();
        var refusal = assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> cluster.decide(command))
                .actual();
        assertThat(refusal.code()).as(refusal.detail()).isEqualTo(code);
        assertThat(cluster.image()).isSameAs(before);
        return refusal.detail();
    }
}

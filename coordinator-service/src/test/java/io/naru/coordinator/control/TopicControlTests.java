package io.naru.coordinator.control;

import static io.naru.coordinator.testing.Clusters.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.PartitionImage;
import io.naru.cluster.TopicImage;
import io.naru.cluster.protocol.TopicCommand;
import io.naru.coordinator.testing.Clusters;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicControlTests {
    private final Clusters cluster = new Clusters(new ClusterLimits(10, 4, 5, 12, 1));

    @Test
    void aNewTopicIsLedByALiveBrokerAtOnce() {
        cluster.broker(1);

        cluster.decide(new Command.CreateTopic(topic("orders", 2, null)));

        TopicImage topic = cluster.image().topic("orders");
        assertThat(topic.partitions())
                .extracting(PartitionImage::leader, PartitionImage::leaderEpoch, PartitionImage::isr)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(1, 0, java.util.List.of(1)));
        assertThat(topic.replicationFactor()).isEqualTo(1);
    }

    @Test
    void withoutAWishThereIsOnePartition() {
        cluster.broker(1);

        cluster.decide(new Command.CreateTopic(topic("orders", null, null)));

        assertThat(cluster.image().topic("orders").partitions()).hasSize(1);
    }

    @Test
    void aTopicNeedsABrokerThatIsReady() {
        refused(ErrorCode.NOT_READY, new Command.CreateTopic(topic("orders", 1, null)));

        cluster.decide(new Command.RegisterBroker(1, Clusters.registration(1), -1));
        refused(ErrorCode.NOT_READY, new Command.CreateTopic(topic("orders", 1, null)));
    }

    @Test
    void aNameIsTakenOnce() {
        cluster.broker(1);
        cluster.decide(new Command.CreateTopic(topic("orders", 1, null)));

        refused(ErrorCode.TOPIC_EXISTS, new Command.CreateTopic(topic("orders", 1, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a_b"})
    void dotAndUnderscoreDoNotLiveSideBySide(String first) {
        cluster.broker(1);
        cluster.decide(new Command.CreateTopic(topic(first, 1, null)));
        String second = first.equals("a.b") ? "a_b" : "a.b";

        refused(ErrorCode.INVALID_TOPIC_NAME, new Command.CreateTopic(topic(second, 1, null)));

        cluster.decide(new Command.DeleteTopic(first, new TopicCommand.Delete(null)));
        cluster.decide(new Command.CreateTopic(topic(second, 1, null)));
        assertThat(cluster.image().topics()).containsOnlyKeys(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "__offsets", "orders.log", "ünï", "a\r\nb"})
    void impossibleNamesAreRefused(String name) {
        cluster.broker(1);

        refused(ErrorCode.INVALID_TOPIC_NAME, new Command.CreateTopic(topic(name, 1, null)));
    }

    @Test
    void replicasNeedBrokers() {
        cluster.broker(1);

        assertThat(refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, new Command.CreateTopic(topic("orders", 1, 3))))
                .contains("3", "there are 1");
        refused(ErrorCode.INVALID_REQUEST, new Command.CreateTopic(topic("orders", 1, 0)));
    }

    @Test
    void replicasAreRefusedWhileNothingReplicates() {
        cluster.broker(1);
        cluster.broker(2);

        assertThat(refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, new Command.CreateTopic(topic("orders", 1, 2))))
                .contains("coordinator.limits.replication-factor");
    }

    @Test
    void theDefaultReplicationGrowsWithTheBrokersUpToThree() {
        var replicating = new Clusters(Clusters.replicating());
        for (int brokers = 1; brokers <= 5; brokers++) {
            replicating.broker(brokers);
            String name = "topic-" + brokers;

            replicating.decide(new Command.CreateTopic(topic(name, 1, null)));

            assertThat(replicating.image().topic(name).replicationFactor()).isEqualTo(Math.min(3, brokers));
        }
    }

    @Test
    void partitionsAreBoundedByTopicAndInTotal() {
        cluster.broker(1);

        refused(ErrorCode.INVALID_REQUEST, new Command.CreateTopic(topic("a", 0, null)));
        refused(ErrorCode.INVALID_REQUEST, new Command.CreateTopic(topic("a", -1, null)));
        refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, new Command.CreateTopic(topic("a", 6, null)));
        refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, new Command.CreateTopic(topic("a", Integer.MAX_VALUE, null)));
        cluster.decide(new Command.CreateTopic(topic("a", 5, null)));
        cluster.decide(new Command.CreateTopic(topic("b", 5, null)));
        refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, new Command.CreateTopic(topic("c", 3, null)));
        cluster.decide(new Command.CreateTopic(topic("c", 1, null)));
        refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, alter("c", null, 3));
        cluster.decide(alter("c", null, 2));
    }

    @Test
    void topicsAreBounded() {
        cluster.broker(1);
        for (int i = 0; i < 4; i++) {
            cluster.decide(new Command.CreateTopic(topic("t" + i, 1, null)));
        }

        assertThat(refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, new Command.CreateTopic(topic("t5", 1, null))))
                .contains("coordinator.limits.topics");
    }

    @Test
    void configsAreCheckedBeforeAnythingHappens() {
        cluster.broker(1);

        refused(ErrorCode.INVALID_CONFIG, create(Map.of("no.such", "1")));
        refused(ErrorCode.INVALID_CONFIG, create(Map.of("segment.bytes", "1")));
        refused(ErrorCode.INVALID_CONFIG, create(Map.of("min.insync.replicas", "2")));
        cluster.decide(create(Map.of("segment.bytes", "1048576")));
        assertThat(cluster.image().topic("orders").configs()).containsExactly(Map.entry("segment.bytes", "1048576"));
    }

    @Test
    void anAlterationRecordsOnlyWhatChanges() {
        cluster.broker(1);
        cluster.decide(create(Map.of("segment.bytes", "1048576")));
        var configs = new HashMap<String, String>();
        configs.put("segment.bytes", "1048576");
        configs.put("flush.messages", "2");

        Result<?> result = cluster.peek(alter("orders", configs, 1));

        assertThat(result.records())
                .containsExactly(new MetadataRecord.TopicConfigChanged(
                        cluster.image().topic("orders").id(), "flush.messages", "2"));
    }

    @Test
    void aNullPutsAConfigBackToItsDefault() {
        cluster.broker(1);
        cluster.decide(create(Map.of("segment.bytes", "1048576")));
        var configs = new HashMap<String, String>();
        configs.put("segment.bytes", null);

        cluster.decide(alter("orders", configs, null));

        assertThat(cluster.image().topic("orders").configs()).isEmpty();
        configs.clear();
        configs.put("no.such", null);
        refused(ErrorCode.INVALID_CONFIG, alter("orders", configs, null));
    }

    @Test
    void partitionsAreAddedBehindThoseThereAre() {
        cluster.broker(1);
        cluster.decide(new Command.CreateTopic(topic("orders", 2, null)));
        var before = cluster.image().topic("orders").partitions();

        cluster.decide(alter("orders", null, 4));

        var after = cluster.image().topic("orders").partitions();
        assertThat(after).hasSize(4).startsWith(before.toArray(PartitionImage[]::new));
    }

    @Test
    void partitionsAreNeverTakenAway() {
        cluster.broker(1);
        cluster.decide(new Command.CreateTopic(topic("orders", 2, null)));

        refused(ErrorCode.IMPOSSIBLE_ASSIGNMENT, alter("orders", null, 1));
        refused(ErrorCode.INVALID_REQUEST, alter("orders", null, 0));
    }

    @Test
    void aChangeMadeForAnotherRevisionIsRefused() {
        cluster.broker(1);
        cluster.decide(create(Map.of()));
        String revision = cluster.image().topic("orders").revision();
        cluster.decide(new Command.AlterTopic("orders", new TopicCommand.Alter(Map.of(), 2, revision)));

        refused(
                ErrorCode.PRECONDITION_FAILED,
                new Command.AlterTopic("orders", new TopicCommand.Alter(Map.of(), 3, revision)));
        refused(ErrorCode.PRECONDITION_FAILED, new Command.DeleteTopic("orders", new TopicCommand.Delete(revision)));
        cluster.decide(new Command.DeleteTopic(
                "orders",
                new TopicCommand.Delete(cluster.image().topic("orders").revision())));
        assertThat(cluster.image().topics()).isEmpty();
    }

    @Test
    void aTopicOfTheSameNameIsAnotherTopic() {
        cluster.broker(1);
        var first = cluster.decide(create(Map.of()));
        cluster.decide(new Command.DeleteTopic("orders", new TopicCommand.Delete(null)));

        var second = cluster.decide(create(Map.of()));

        assertThat(second).isNotEqualTo(first);
        assertThat(cluster.image().topic(first)).isNull();
    }

    @Test
    void whatIsNotThereCannotBeChangedOrEnded() {
        refused(ErrorCode.TOPIC_NOT_FOUND, alter("orders", null, 2));
        String detail = refused(
                ErrorCode.TOPIC_NOT_FOUND,
                new Command.DeleteTopic("x\r\n" + "y".repeat(1000), new TopicCommand.Delete(null)));
        assertThat(detail).doesNotContain("\r").hasSizeLessThan(300);
    }

    private static Command.CreateTopic create(Map<String, String> configs) {
        return new Command.CreateTopic(new TopicCommand.Create("orders", 1, null, configs));
    }

    private static Command.AlterTopic alter(String name, Map<String, String> configs, Integer partitions) {
        return new Command.AlterTopic(name, new TopicCommand.Alter(configs, partitions, null));
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

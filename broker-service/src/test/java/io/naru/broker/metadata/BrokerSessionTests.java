package io.naru.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.broker.runtime.ThreadTimers;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BrokerSessionTests {
    private static final UUID INCARNATION = UUID.randomUUID();
    private static final UUID DIRECTORY = UUID.randomUUID();

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final MemoryIdentities identities = new MemoryIdentities();
    private final List<ClusterImage> shown = new CopyOnWriteArrayList<>();
    private final ThreadTimers timers = new ThreadTimers();
    private final MetadataFollower follower = new MetadataFollower(1, coordinator, List.of(shown::add), timers);
    private final BrokerSession session = new BrokerSession(
            new BrokerSession.Self(1, DIRECTORY, "http://127.0.0.1:8080", null),
            INCARNATION,
            Duration.ofMillis(20),
            coordinator,
            identities,
            follower);

    @AfterEach
    void stop() {
        session.close();
        follower.close();
        timers.close();
    }

    @Test
    void aBrokerRegistersCatchesUpAndBecomesActive() {
        session.start();
        awaitState(BrokerSession.State.ACTIVE);

        assertThat(coordinator.registrations).hasSize(1);
        var first = coordinator.registrations.getFirst();
        assertThat(first.clusterId()).isNull();
        assertThat(first.previousIncarnation()).isNull();
        assertThat(first.directoryId()).isEqualTo(DIRECTORY);
        assertThat(identities.kept)
                .isEqualTo(new BrokerIdentity(1, coordinator.image().clusterId(), INCARNATION));
        assertThat(shown.getFirst().version()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aKnownBrokerPresentsItsClusterAndItsLastIncarnation() {
        UUID cluster = UUID.randomUUID();
        UUID last = UUID.randomUUID();
        identities.save(new BrokerIdentity(1, cluster, last));
        session.start();
        awaitState(BrokerSession.State.ACTIVE);

        assertThat(coordinator.registrations.getFirst().clusterId()).isEqualTo(cluster);
        assertThat(coordinator.registrations.getFirst().previousIncarnation()).isEqualTo(last);
    }

    @Test
    void itKeepsTryingUntilACoordinatorAnswersAndStaysActiveWhenOneIsLost() {
        coordinator.unavailable(true);
        session.start();
        await().until(() -> session.problem() != null);
        assertThat(session.state()).isEqualTo(BrokerSession.State.REGISTERING);

        coordinator.unavailable(false);
        awaitState(BrokerSession.State.ACTIVE);
        assertThat(session.problem()).isNull();

        coordinator.unavailable(true);
        await().until(() -> session.problem() != null);
        assertThat(session.state()).isEqualTo(BrokerSession.State.ACTIVE);
        coordinator.unavailable(false);
        await().until(() -> session.problem() == null);
    }

    @Test
    void aStaleEpochLeadsToANewRegistration() {
        session.start();
        awaitState(BrokerSession.State.ACTIVE);
        coordinator.append(new MetadataRecord.BrokerRegistered(
                1, UUID.randomUUID(), 1_000, DIRECTORY, "http://127.0.0.1:8080", null));

        await().until(() -> coordinator.registrations.size() == 2);
        awaitState(BrokerSession.State.ACTIVE);
        assertThat(coordinator.registrations.get(1).previousIncarnation()).isEqualTo(INCARNATION);
    }

    @Test
    void anotherClustersDataIsRefusedForGood() {
        coordinator.refusing(true);
        session.start();
        awaitState(BrokerSession.State.REFUSED);
        assertThat(session.problem()).isEqualTo("another cluster's data");
    }

    @Test
    void closingSaysGoodbye() {
        session.start();
        awaitState(BrokerSession.State.ACTIVE);
        session.close();

        assertThat(coordinator.heartbeats.getLast().leaving()).isTrue();
        assertThat(coordinator.image().broker(1).fenced()).isTrue();
        assertThat(session.state()).isEqualTo(BrokerSession.State.STOPPED);
    }

    @Test
    void waitingForAVersionEndsWhenItHasBeenActedOn() throws Exception {
        session.start();
        awaitState(BrokerSession.State.ACTIVE);
        long next = coordinator.image().version() + 1;
        var awaited = follower.awaitVersion(next, Duration.ofSeconds(30)).toCompletableFuture();
        assertThat(awaited).isNotDone();
        coordinator.append(new MetadataRecord.TopicCreated(new TopicId(UUID.randomUUID()), "orders", Map.of()));

        assertThat(awaited.get().topics()).containsKey("orders");
        assertThat(shown.getLast().topics()).containsKey("orders");
        assertThat(follower.awaitVersion(next, Duration.ofSeconds(30))).isCompleted();
    }

    @Test
    void aCoordinatorThatKnowsLessThanWeDoIsNotBelieved() {
        session.start();
        awaitState(BrokerSession.State.ACTIVE);
        coordinator.append(new MetadataRecord.TopicCreated(new TopicId(UUID.randomUUID()), "orders", Map.of()));
        await().until(() -> follower.image().topics().containsKey("orders"));
        long known = follower.image().version();

        coordinator.answerOlder(true);
        await().until(() -> coordinator.olderAnswers() > 2);
        assertThat(follower.image().version()).isEqualTo(known);
        coordinator.answerOlder(false);
        coordinator.append(new MetadataRecord.TopicCreated(new TopicId(UUID.randomUUID()), "invoices", Map.of()));
        await().until(() -> follower.image().topics().containsKey("invoices"));
        assertThat(shown).extracting(ClusterImage::version).isSorted();
    }

    @Test
    void waitingForAVersionThatDoesNotComeEndsWithItsLimit() {
        assertThatThrownBy(() -> follower.awaitVersion(99, Duration.ofMillis(10))
                        .toCompletableFuture()
                        .get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
    }

    private void awaitState(BrokerSession.State state) {
        await().atMost(Duration.ofSeconds(30)).until(() -> session.state() == state);
    }

    private static final class MemoryIdentities implements BrokerIdentity.Store {
        private volatile @Nullable BrokerIdentity kept;

        @Override
        public @Nullable BrokerIdentity load() {
            return kept;
        }

        @Override
        public void save(BrokerIdentity identity) {
            kept = identity;
        }
    }
}

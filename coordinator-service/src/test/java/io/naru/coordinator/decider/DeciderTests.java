package io.naru.coordinator.decider;

import static io.naru.coordinator.testing.Clusters.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.cluster.protocol.TopicCommand;
import io.naru.coordinator.control.ClusterLimits;
import io.naru.coordinator.control.Command;
import io.naru.coordinator.testing.Clusters;
import io.naru.coordinator.testing.FakeQuorum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeciderTests {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final FakeQuorum quorum = new FakeQuorum();
    private final AtomicReference<Error> failing = new AtomicReference<>();
    private final Supplier<UUID> ids = Clusters.countedIds();
    private final Decider decider = new Decider(
            quorum, new ClusterLimits(10, 10_000, 100_000, 1_000_000, 1), this::nextId, DeciderObserver.NONE);

    @BeforeEach
    void leadWithOneBroker() {
        decider.leading(1, quorum.image());
        long epoch = decider.execute(new Command.RegisterBroker(1, Clusters.registration(1), -1), LONG)
                .response();
        decider.execute(new Command.UnfenceBroker(1, epoch, quorum.image().version()), LONG);
    }

    private UUID nextId() {
        Error error = failing.get();
        if (error != null) {
            throw error;
        }
        return ids.get();
    }

    @AfterEach
    void close() {
        quorum.release();
        decider.close();
    }

    @Test
    void aNewClusterGetsItsIdWithItsFirstTerm() {
        assertThat(quorum.applied().getFirst().records()).hasOnlyElementsOfType(MetadataRecord.ClusterCreated.class);
    }

    @Test
    void anAnswerComesFromAppliedStateOnly() throws Exception {
        quorum.hold();
        var created = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));

        FakeQuorum.Waiting entry = quorum.next();
        assertThat(created).isNotDone();
        quorum.letThrough(entry);

        assertThat(get(created).version()).isEqualTo(quorum.image().version());
        assertThat(quorum.image().topic(get(created).response())).isNotNull();
    }

    @Test
    void laterCommandsAreDecidedOnWhatIsOnItsWay() throws Exception {
        quorum.hold();
        var first = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting one = quorum.next();
        var second = decider.submit(new Command.AlterTopic("orders", new TopicCommand.Alter(null, 3, null)));
        FakeQuorum.Waiting two = quorum.next();

        assertThat(two.entry().expectedVersion()).isEqualTo(one.entry().expectedVersion() + 1);
        quorum.letThrough(one);
        quorum.letThrough(two);

        assertThat(get(second).response()).isEqualTo(get(first).response());
        assertThat(quorum.image().topic("orders").partitions()).hasSize(3);
    }

    @Test
    void waitingCommandsShareAnEntry() throws Exception {
        quorum.hold();
        List<CompletableFuture<Committed<TopicId>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(decider.submit(new Command.CreateTopic(topic("t" + i, 1, null))));
        }
        quorum.letThrough(quorum.next());
        quorum.release();
        answers.forEach(DeciderTests::get);

        long topicEntries = quorum.applied().stream()
                .filter(entry -> entry.records().stream().anyMatch(MetadataRecord.TopicCreated.class::isInstance))
                .count();
        assertThat(topicEntries).isLessThan(200);
        assertThat(quorum.image().topics()).hasSize(200);
    }

    @Test
    void aRefusalThatRestsOnSomethingUnderWayWaitsForIt() throws Exception {
        quorum.hold();
        var first = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting entry = quorum.next();
        var second = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting confirmation = quorum.next();

        quorum.letThrough(confirmation);
        assertThat(second).isNotDone();
        quorum.letThrough(entry);

        assertThat(get(first).response()).isNotNull();
        assertThat(refusal(second)).isEqualTo(ErrorCode.TOPIC_EXISTS);
    }

    @Test
    void aRefusalIsDecidedAgainWhenWhatItRestedOnNeverCame() throws Exception {
        quorum.hold();
        var first = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting entry = quorum.next();
        var second = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting confirmation = quorum.next();

        entry.outcome().complete(new AppendOutcome.Refused("no room"));
        quorum.letThrough(confirmation);
        quorum.letThrough(quorum.next());

        assertThat(refusal(first)).isEqualTo(ErrorCode.COORDINATOR_UNAVAILABLE);
        assertThat(quorum.image().topic(get(second).response())).isNotNull();
    }

    @Test
    void aMismatchHasEverythingBehindItDecidedAgain() throws Exception {
        quorum.hold();
        var first = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting one = quorum.next();
        var second = decider.submit(new Command.AlterTopic("orders", new TopicCommand.Alter(null, 2, null)));
        FakeQuorum.Waiting two = quorum.next();
        var stranger = new TopicId(new UUID(5, 5));
        quorum.apply(MetadataEntry.on(
                quorum.basis(), List.of(new MetadataRecord.TopicCreated(stranger, "other", java.util.Map.of()))));

        quorum.letThrough(one);
        quorum.letThrough(two);
        quorum.release();

        assertThat(get(second).response()).isEqualTo(get(first).response());
        assertThat(quorum.image().topic("orders").partitions()).hasSize(2);
        assertThat(quorum.image().topics()).hasSize(2);
    }

    @Test
    void anUnknownOutcomeIsToldAsSuch() throws Exception {
        quorum.hold();
        var lost = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));

        quorum.next().outcome().complete(new AppendOutcome.Unknown("the leader stepped down"));

        assertThat(refusal(lost)).isEqualTo(ErrorCode.UNCONFIRMED);
    }

    @Test
    void whatWasLostMayStillComeAndNothingGoesTwice() throws Exception {
        quorum.hold();
        var lost = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting late = quorum.next();
        late.outcome().complete(new AppendOutcome.Unknown("the leader stepped down"));
        var retried = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting retry = quorum.next();

        quorum.apply(late.entry());
        quorum.letThrough(retry);
        quorum.letThrough(quorum.next());

        assertThat(refusal(lost)).isEqualTo(ErrorCode.UNCONFIRMED);
        assertThat(refusal(retried)).isEqualTo(ErrorCode.TOPIC_EXISTS);
        assertThat(quorum.image().topics()).hasSize(1);
    }

    @Test
    void aLargeChangeIsSplitIntoEntriesAndAnsweredWhole() throws Exception {
        quorum.hold();
        var created = decider.submit(new Command.CreateTopic(topic("orders", 8_000, null)));
        FakeQuorum.Waiting first = quorum.next();
        FakeQuorum.Waiting second = quorum.next();

        quorum.letThrough(first);
        assertThat(created).isNotDone();
        quorum.letThrough(second);

        assertThat(get(created).version()).isEqualTo(quorum.image().version());
        assertThat(quorum.image().topic("orders").partitions()).hasSize(8_000);
        assertThat(EntrySplitter.sizeOf(first.entry().records())).isLessThanOrEqualTo(EntrySplitter.MAX_BYTES);
    }

    @Test
    void aLargeChangeThatStoppedHalfwayIsNeitherDoneNorUndone() throws Exception {
        quorum.hold();
        var created = decider.submit(new Command.CreateTopic(topic("orders", 8_000, null)));
        FakeQuorum.Waiting first = quorum.next();
        FakeQuorum.Waiting second = quorum.next();

        quorum.letThrough(first);
        second.outcome().complete(new AppendOutcome.Mismatched(99));

        assertThat(refusal(created)).isEqualTo(ErrorCode.UNCONFIRMED);
    }

    @Test
    void registrationsNeverShareAnEpoch() throws Exception {
        quorum.hold();
        var first = decider.submit(new Command.CreateTopic(topic("orders", 1, null)));
        FakeQuorum.Waiting blocking = quorum.next();
        var second = decider.submit(new Command.RegisterBroker(2, Clusters.registration(2), -1));
        var third = decider.submit(new Command.RegisterBroker(3, Clusters.registration(3), -1));
        quorum.letThrough(blocking);
        quorum.letThrough(quorum.next());
        quorum.letThrough(quorum.next());

        get(first);
        assertThat(get(second).response()).isNotEqualTo(get(third).response());
        assertThat(quorum.image().broker(3).epoch()).isEqualTo(get(third).response());
    }

    @Test
    void withoutLeadershipNothingIsBegun() {
        decider.notLeading();

        assertThat(decider.isLeading()).isFalse();
        assertThat(refusal(decider.submit(new Command.CreateTopic(topic("orders", 1, null)))))
                .isEqualTo(ErrorCode.COORDINATOR_UNAVAILABLE);
    }

    @Test
    void theNextTermGoesOnFromWhatIsApplied() {
        decider.notLeading();
        decider.leading(2, quorum.image());

        var created = decider.execute(new Command.CreateTopic(topic("orders", 1, null)), LONG);

        assertThat(quorum.image().topic(created.response())).isNotNull();
    }

    @Test
    void aTermThatEndsAnswersEverybody() throws Exception {
        quorum.hold();
        var under = decider.submit(new Command.CreateTopic(topic("a", 1, null)));
        FakeQuorum.Waiting entry = quorum.next();

        decider.notLeading();
        entry.outcome().complete(new AppendOutcome.Unknown("not the leader"));

        assertThat(refusal(under)).isEqualTo(ErrorCode.UNCONFIRMED);
    }

    @Test
    void aCallerWhoGivesUpInTimeHasChangedNothing() throws Exception {
        quorum.hold();
        // As many entries under way as may be, each handed over before the next: what comes now is not begun.
        for (int i = 1; i <= DecidingTerm.MAX_IN_FLIGHT; i++) {
            decider.submit(new Command.CreateTopic(topic("t" + i, 1, null)));
            int handedOver = i;
            Awaitility.await().until(() -> quorum.waitingCount() == handedOver);
        }

        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(
                        () -> decider.execute(new Command.CreateTopic(topic("late", 1, null)), Duration.ofMillis(1)))
                .matches(e -> e.code() == ErrorCode.COORDINATOR_UNAVAILABLE);

        quorum.release();
        var last = decider.execute(new Command.CreateTopic(topic("last", 1, null)), LONG);
        assertThat(quorum.image().topic(last.response())).isNotNull();
        assertThat(quorum.image().topic("late")).isNull();
    }

    @Test
    void aCallerWhoWaitsNoLongerIsToldThatItMayStillHappen() throws Exception {
        quorum.hold();
        var refusal = new CompletableFuture<ErrorCode>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                decider.execute(new Command.CreateTopic(topic("orders", 1, null)), LONG);
                refusal.completeExceptionally(new AssertionError("nobody confirmed it"));
            } catch (NaruException e) {
                refusal.complete(e.code());
            }
        });
        FakeQuorum.Waiting handedOver = quorum.next();

        caller.interrupt();

        assertThat(refusal.get(30, TimeUnit.SECONDS)).isEqualTo(ErrorCode.TIMED_OUT);
        quorum.letThrough(handedOver);
        assertThat(quorum.image().topic("orders")).isNotNull();
    }

    @Test
    void aTermThatFailsUnexpectedlyAnswersEverybodyAndSaysSo() throws Exception {
        quorum.hold();
        var under = decider.submit(new Command.CreateTopic(topic("under-way", 1, null)));
        FakeQuorum.Waiting entry = quorum.next();
        var error = new StackOverflowError("as the test wished");
        var harmful = new Command.CreateTopic(topic("harmful", 1, null));

        failing.set(error);
        var waiting = decider.submit(harmful);

        assertThat(refusal(under)).isEqualTo(ErrorCode.UNCONFIRMED);
        assertThat(refusal(waiting)).isEqualTo(ErrorCode.COORDINATOR_UNAVAILABLE);
        assertThat(decider.isLeading()).isFalse();
        assertThat(decider.failure()).isSameAs(error);
        assertThat(refusal(decider.submit(harmful))).isEqualTo(ErrorCode.COORDINATOR_UNAVAILABLE);

        failing.set(null);
        quorum.letThrough(entry);
        quorum.release();
        decider.leading(2, quorum.image());
        assertThat(decider.failure()).isNull();
        assertThat(decider.execute(harmful, LONG).response()).isNotNull();
    }

    @Test
    void aQuorumThatThrowsHasOneOutcomeMore() throws Exception {
        quorum.hold();
        var first = decider.submit(new Command.CreateTopic(topic("first", 1, null)));
        quorum.next().outcome().completeExceptionally(new IllegalStateException("as the test wished"));
        assertThat(refusal(first)).isEqualTo(ErrorCode.UNCONFIRMED);

        quorum.release();
        assertThat(decider.execute(new Command.CreateTopic(topic("next", 1, null)), LONG)
                        .response())
                .isNotNull();
    }

    private static <R> Committed<R> get(CompletableFuture<Committed<R>> answer) {
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ErrorCode refusal(CompletableFuture<?> answer) {
        return assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                .havingCause()
                .asInstanceOf(type(NaruException.class))
                .actual()
                .code();
    }
}

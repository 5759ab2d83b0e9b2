package io.naru.coordinator.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.coordinator.control.Command;
import io.naru.coordinator.decider.Commands;
import io.naru.coordinator.decider.Committed;
import io.naru.coordinator.testing.Clusters;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Sessions under a clock that the test turns. */
class MembershipTests {
    private static final long MILLI = 1_000_000;

    private final Clusters cluster = new Clusters();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 500 * MILLI); // overflows during the test
    private final Direct commands = new Direct();
    private final Membership membership =
            new Membership(commands, cluster::image, LivenessSettings.DEFAULTS, clock::get);

    @Test
    void aBrokerRegistersCatchesUpAndIsUnfenced() {
        BrokerRegistration.Accepted accepted = membership.register(1, Clusters.registration(1));

        assertThat(accepted.clusterId()).isEqualTo(cluster.image().clusterId());
        assertThat(accepted.version()).isEqualTo(cluster.image().version());
        assertThat(beat(accepted, accepted.version() - 1).fenced()).isTrue();
        assertThat(beat(accepted, accepted.version()).fenced()).isFalse();
        assertThat(beat(accepted, accepted.version()).version())
                .isEqualTo(cluster.image().version());
    }

    @Test
    void aBrokerThatKeepsBeatingIsNeverFenced() {
        var accepted = active(1);
        for (int i = 0; i < 100; i++) {
            pass(250);
            beat(accepted, accepted.version());
            check(0);
        }

        assertThat(fenced(1)).isFalse();
    }

    @Test
    void aSilentBrokerIsFencedAfterItsSessionAndNotBefore() {
        active(1);

        pass(1499);
        check(0);
        assertThat(fenced(1)).isFalse();
        pass(1);
        check(0);
        assertThat(fenced(1)).isTrue();
    }

    @Test
    void aStalledCoordinatorFencesNobody() {
        var accepted = active(1);

        pass(60_000);
        check(60_000 * MILLI);
        assertThat(fenced(1)).isFalse();

        pass(1000);
        check(0);
        beat(accepted, accepted.version());
        assertThat(fenced(1)).isFalse();
    }

    @Test
    void afterAStallTheRestOfTheSessionCounts() {
        active(1);
        pass(1000);
        check(0);
        pass(10_000);
        check(10_000 * MILLI);

        pass(499);
        check(0);
        assertThat(fenced(1)).isFalse();
        pass(1);
        check(0);
        assertThat(fenced(1)).isTrue();
    }

    @Test
    void aNewLeaderGrantsFullSessions() {
        active(1);
        pass(1400);

        membership.leading(2, cluster.image());

        pass(1400);
        check(0);
        assertThat(fenced(1)).isFalse();
        pass(100);
        check(0);
        assertThat(fenced(1)).isTrue();
    }

    @Test
    void aFencedBrokerThatBeatsAgainIsUnfenced() {
        var accepted = active(1);
        pass(2000);
        check(0);
        assertThat(fenced(1)).isTrue();

        assertThat(beat(accepted, cluster.image().version()).fenced()).isFalse();
    }

    @Test
    void whoIsLeavingIsFencedAtOnceAndStaysSo() {
        var accepted = active(1);

        assertThat(membership
                        .heartbeat(1, new Heartbeat(accepted.brokerEpoch(), accepted.version(), true))
                        .fenced())
                .isTrue();
        assertThat(fenced(1)).isTrue();
        assertThat(beat(accepted, cluster.image().version()).fenced()).isTrue();
        assertThat(fenced(1)).isTrue();
    }

    @Test
    void whoHasLeftCanComeBackAtOnce() {
        var accepted = active(1);
        membership.heartbeat(1, new Heartbeat(accepted.brokerEpoch(), accepted.version(), true));

        var again = membership.register(1, Clusters.registration(new UUID(5, 5), null, new UUID(2, 1)));

        assertThat(again.brokerEpoch()).isGreaterThan(accepted.brokerEpoch());
        assertThat(beat(again, again.version()).fenced()).isFalse();
    }

    @Test
    void aSecondLiveBrokerIsRefusedUntilTheFirstHasLapsed() {
        active(1);
        var other = Clusters.registration(new UUID(5, 5), null, new UUID(5, 1));

        assertThat(refusal(() -> membership.register(1, other))).isEqualTo(ErrorCode.DUPLICATE_BROKER_ID);
        pass(1500);
        check(0);

        assertThat(membership.register(1, other).brokerEpoch()).isPositive();
    }

    @Test
    void aRegisteredBrokerThatIsStillFencedIsLiveToo() {
        membership.register(1, Clusters.registration(1));
        var other = Clusters.registration(new UUID(5, 5), null, new UUID(5, 1));

        assertThat(refusal(() -> membership.register(1, other))).isEqualTo(ErrorCode.DUPLICATE_BROKER_ID);
    }

    @Test
    void theSuccessorFromTheSameDirectoryNeedNotWait() {
        var first = active(1);
        var successor = Clusters.registration(new UUID(5, 5), new UUID(1, 1), new UUID(2, 1));

        var accepted = membership.register(1, successor);

        assertThat(accepted.brokerEpoch()).isGreaterThan(first.brokerEpoch());
        assertThat(refusal(() -> beat(first, first.version()))).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    }

    @Test
    void aRepeatedRegistrationChangesNothing() {
        var first = active(1);
        long version = cluster.image().version();

        assertThat(membership.register(1, Clusters.registration(1))).isEqualTo(first);
        assertThat(cluster.image().version()).isEqualTo(version);
        assertThat(fenced(1)).isFalse();
    }

    @Test
    void whoeverIsUnknownMustRegister() {
        assertThat(refusal(() -> membership.heartbeat(3, new Heartbeat(1, 1, false))))
                .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    }

    @Test
    void onlyTheLeaderKeepsSessions() {
        var accepted = active(1);
        commands.leading = false;

        assertThat(refusal(() -> beat(accepted, accepted.version()))).isEqualTo(ErrorCode.COORDINATOR_UNAVAILABLE);
        pass(5000);
        check(0);
        assertThat(fenced(1)).isFalse();
    }

    @Test
    void aFenceThatFailedIsTriedAgain() {
        active(1);
        commands.failing = true;
        pass(1500);
        check(0);
        assertThat(fenced(1)).isFalse();

        commands.failing = false;
        check(0);
        assertThat(fenced(1)).isTrue();
    }

    @Test
    void aNewLeaderCannotTellWhichFencedBrokersLive() {
        active(1);
        pass(1500);
        check(0);
        assertThat(fenced(1)).isTrue();

        membership.leading(2, cluster.image());

        var other = Clusters.registration(new UUID(5, 5), null, new UUID(5, 1));
        assertThat(refusal(() -> membership.register(1, other))).isEqualTo(ErrorCode.DUPLICATE_BROKER_ID);
    }

    @Test
    void aBrokerStaysLiveThroughAStallUntilTheNextLook() {
        active(1);
        pass(60_000);
        var other = Clusters.registration(new UUID(5, 5), null, new UUID(5, 1));

        assertThat(refusal(() -> membership.register(1, other))).isEqualTo(ErrorCode.DUPLICATE_BROKER_ID);
    }

    @Test
    void aPauseAtAnyReadingOfTheClockFencesNobody() {
        active(1);
        long[] readings = {0};
        for (int paused = 1; paused <= 20; paused++) {
            int pausedAt = paused;
            readings[0] = 0;
            var jumping = new LivenessClock(membership, LivenessSettings.DEFAULTS, () -> {
                // Before this reading and, as the time that is told is the one before, right after it too.
                long told = clock.get();
                if (++readings[0] == pausedAt) {
                    pass(60_000);
                }
                return told;
            });
            for (int i = 0; i < 20; i++) {
                pass(50);
                jumping.look();
                assertThat(fenced(1)).isFalse();
                membership.heartbeat(
                        1,
                        new Heartbeat(
                                cluster.image().broker(1).epoch(),
                                cluster.image().version(),
                                false));
            }
        }
    }

    @Test
    void oneLookThatFailsIsNotTheLast() {
        active(1);
        pass(1500);
        commands.throwing = 1;
        var looking = new LivenessClock(membership, LivenessSettings.DEFAULTS, () -> clock.getAndAdd(10 * MILLI));

        looking.start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> fenced(1));
        } finally {
            looking.close();
        }
        assertThat(commands.throwing).isZero();
    }

    private void check(long latenessNanos) {
        membership.check(clock.get(), latenessNanos);
    }

    private BrokerRegistration.Accepted active(int id) {
        var accepted = membership.register(id, Clusters.registration(id));
        membership.heartbeat(id, new Heartbeat(accepted.brokerEpoch(), accepted.version(), false));
        return accepted;
    }

    private Heartbeat.Answer beat(BrokerRegistration.Accepted accepted, long replayed) {
        return membership.heartbeat(1, new Heartbeat(accepted.brokerEpoch(), replayed, false));
    }

    private boolean fenced(int id) {
        return cluster.image().broker(id).fenced();
    }

    private void pass(long millis) {
        clock.addAndGet(millis * MILLI);
    }

    private static ErrorCode refusal(Runnable call) {
        return assertThatExceptionOfType(NaruException.class)
                .isThrownBy(call::run)
                .actual()
                .code();
    }

    /** Decides at once, or says that it cannot. */
    private final class Direct implements Commands {
        private boolean leading = true;
        private boolean failing;
        private volatile int throwing;

        @Override
        public boolean isLeading() {
            return leading;
        }

        @Override
        public <R> CompletableFuture<Committed<R>> submit(Command<R> command) {
            if (throwing > 0) {
                throwing--;
                throw new IllegalStateException("as the test wished");
            }
            if (failing) {
                return CompletableFuture.failedFuture(
                        new NaruException(ErrorCode.COORDINATOR_UNAVAILABLE, "as the test wished"));
            }
            R response = cluster.decide(command);
            return CompletableFuture.completedFuture(
                    new Committed<>(response, cluster.image().version()));
        }

        @Override
        public <R> Committed<R> execute(Command<R> command, Duration limit) {
            return submit(command).join();
        }
    }
}

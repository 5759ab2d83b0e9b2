package io.naru.coordinator.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetadataFeedTests {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MetadataFeed feed = new MetadataFeed(new FeedLimits(3, 100, 2));
    private ClusterImage image = ClusterImage.EMPTY;

    @Test
    void whoeverFollowsGetsWhatIsNew() {
        apply(created(1));
        apply(registered(1));
        apply(registered(2));

        MetadataDelta delta = feed.after(1, Duration.ZERO);

        assertThat(delta).isEqualTo(new MetadataDelta(false, 1, 3, List.of(registered(1), registered(2))));
    }

    @Test
    void everyVersionThatIsKeptLeadsToTheSameImage() {
        apply(created(1));
        ClusterImage first = image;
        apply(registered(1));
        apply(registered(2));
        apply(registered(3));

        assertThat(feed.after(1, Duration.ZERO).applyTo(first)).isEqualTo(image);
        assertThat(feed.after(0, Duration.ZERO).applyTo(ClusterImage.EMPTY)).isEqualTo(image);
    }

    @Test
    void whatIsTooOldGetsASnapshot() {
        for (int i = 1; i <= 5; i++) {
            apply(registered(i));
        }

        assertThat(feed.after(2, Duration.ZERO).snapshot()).isFalse();
        assertThat(feed.after(1, Duration.ZERO)).isEqualTo(MetadataDelta.snapshotOf(image));
    }

    @Test
    void whoIsAheadNeverGetsAnOlderImage() {
        apply(registered(1));

        for (Duration wait : List.of(Duration.ZERO, Duration.ofMillis(5))) {
            assertThatExceptionOfType(NaruException.class)
                    .isThrownBy(() -> feed.after(2, wait))
                    .matches(e -> e.code() == ErrorCode.COORDINATOR_UNAVAILABLE);
        }
    }

    @Test
    void whoIsAheadIsToldTheNewsOnceThisCoordinatorHasCaughtUp() throws Exception {
        apply(registered(1));
        CompletableFuture<MetadataDelta> waiting = async(2);
        Awaitility.await().until(() -> feed.waiting() == 1);

        apply(registered(2));
        apply(registered(3));

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(new MetadataDelta(false, 2, 3, List.of(registered(3))));
    }

    @Test
    void afterARestoreOnlyASnapshotLeadsOn() {
        apply(registered(1));
        apply(registered(2));
        ClusterImage restored = ClusterImage.EMPTY.apply(List.of(registered(7)), 40);

        feed.restored(restored);

        assertThat(feed.after(2, Duration.ZERO)).isEqualTo(MetadataDelta.snapshotOf(restored));
        assertThat(feed.after(40, Duration.ZERO).records()).isEmpty();
    }

    @Test
    void theRingIsBoundedByRecordsToo() {
        var small = new MetadataFeed(new FeedLimits(100, 3, 2));
        ClusterImage now = ClusterImage.EMPTY.apply(List.of(registered(1), registered(2)), 1);
        small.applied(List.of(registered(1), registered(2)), now);
        now = now.apply(List.of(registered(3), registered(4)), 2);
        small.applied(List.of(registered(3), registered(4)), now);

        assertThat(small.after(0, Duration.ZERO).snapshot()).isTrue();
        assertThat(small.after(1, Duration.ZERO).snapshot()).isFalse();
    }

    @Test
    void whoWaitsIsAnsweredAsSoonAsThereIsNews() throws Exception {
        apply(registered(1));
        CompletableFuture<MetadataDelta> waiting = async(1);

        apply(registered(2));

        assertThat(waiting.get(30, TimeUnit.SECONDS).records()).containsExactly(registered(2));
    }

    @Test
    void withoutNewsTheAnswerIsEmpty() {
        apply(registered(1));

        assertThat(feed.after(1, Duration.ofMillis(5))).isEqualTo(new MetadataDelta(false, 1, 1, List.of()));
    }

    @Test
    void onlySoManyMayWait() throws Exception {
        apply(registered(1));
        CompletableFuture<MetadataDelta> one = async(1);
        CompletableFuture<MetadataDelta> two = async(1);
        Awaitility.await().until(() -> feed.waiting() == 2);

        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(() -> feed.after(1, LONG))
                .matches(e -> e.code() == ErrorCode.OVERLOADED);
        assertThat(feed.after(1, Duration.ZERO).records()).isEmpty();

        apply(registered(2));
        one.get(30, TimeUnit.SECONDS);
        two.get(30, TimeUnit.SECONDS);
        assertThat(feed.waiting()).isZero();
    }

    @Test
    void whenItClosesNobodyIsLeftWaiting() {
        apply(registered(1));
        CompletableFuture<MetadataDelta> waiting = async(1);
        Awaitility.await().until(() -> feed.waiting() == 1);

        feed.close();

        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingRootCause()
                .satisfies(e -> {
                    assertThat(e).isInstanceOf(NaruException.class);
                    assertThat(((NaruException) e).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
                });
    }

    private CompletableFuture<MetadataDelta> async(long version) {
        return CompletableFuture.supplyAsync(
                () -> feed.after(version, LONG), Executors.newVirtualThreadPerTaskExecutor());
    }

    private void apply(MetadataRecord fact) {
        image = image.apply(List.of(fact), image.version() + 1);
        feed.applied(List.of(fact), image);
    }

    private static MetadataRecord created(int id) {
        return new MetadataRecord.ClusterCreated(new UUID(0, id));
    }

    private static MetadataRecord registered(int id) {
        return new MetadataRecord.BrokerRegistered(id, new UUID(1, id), id, new UUID(2, id), "http://b" + id, null);
    }
}

package io.naru.broker.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.metadata.ClusterView;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ImageWatchTests {
    private final Steered cluster = new Steered();
    private final List<Long> told = new CopyOnWriteArrayList<>();
    private final ImageWatch watch = ImageWatch.start(cluster);

    ImageWatchTests() {
        watch.listen(image -> told.add(image.version()));
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void tellsOfEachImage() {
        cluster.change();
        await().untilAsserted(() -> assertThat(told).containsExactly(1L));
        cluster.change();
        await().untilAsserted(() -> assertThat(told).containsExactly(1L, 2L));
    }

    @Test
    void tellsOfAnImageThatCameBetweenTwoWatches() {
        await().until(() -> cluster.watches() == 1);

        cluster.changeAfterTheWatchTimedOut();

        await().untilAsserted(() -> assertThat(told).containsExactly(1L));
    }

    @Test
    void goesOnAfterAListenerFailed() {
        watch.listen(image -> {
            throw new IllegalStateException("of version " + image.version());
        });
        var others = new CopyOnWriteArrayList<Long>();
        watch.listen(image -> others.add(image.version()));

        cluster.change();
        await().until(() -> others.equals(List.of(1L)));
        cluster.change();
        await().until(() -> others.equals(List.of(1L, 2L)));
    }

    @Test
    void tellsOfNothingOnceItIsClosed() {
        await().until(() -> cluster.watches() == 1);
        watch.close();
        await().until(() -> !watch.isWatching());

        cluster.change();

        assertThat(told).isEmpty();
    }

    /** A view of a cluster in which a watch can end without an image. */
    private static final class Steered implements ClusterView {
        private final List<CompletableFuture<ClusterImage>> waiting = new ArrayList<>();
        private ClusterImage image = ClusterImage.EMPTY;

        synchronized int watches() {
            return waiting.size();
        }

        synchronized void change() {
            advance();
            waiting.forEach(one -> one.complete(image));
            waiting.clear();
        }

        synchronized void changeAfterTheWatchTimedOut() {
            waiting.forEach(one -> one.completeExceptionally(new NaruException(ErrorCode.TIMED_OUT, "too long")));
            waiting.clear();
            advance();
        }

        private void advance() {
            image = image.apply(List.of(new MetadataRecord.ClusterCreated(UUID.randomUUID())), image.version() + 1);
        }

        @Override
        public int brokerId() {
            return 1;
        }

        @Override
        public synchronized ClusterImage image() {
            return image;
        }

        @Override
        public synchronized CompletionStage<ClusterImage> awaitVersion(long version, Duration limit) {
            if (image.version() >= version) {
                return CompletableFuture.completedFuture(image);
            }
            var future = new CompletableFuture<ClusterImage>();
            waiting.add(future);
            return future;
        }
    }
}

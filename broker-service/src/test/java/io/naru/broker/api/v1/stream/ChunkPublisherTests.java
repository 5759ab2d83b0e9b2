package io.naru.broker.api.v1.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.naru.broker.api.v1.ImageWatch;
import io.naru.broker.api.v1.read.ReadMetrics;
import io.naru.broker.testing.CountingBuffers;
import io.naru.broker.testing.InMemoryCluster;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.NaruException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@Timeout(60)
class ChunkPublisherTests {
    private final CountingBuffers buffers = new CountingBuffers();
    private final Scripted source = new Scripted();
    private final InMemoryCluster cluster = new InMemoryCluster(image -> {}, TestBroker.ADVERTISED_URL);
    private ImageWatch images;
    private Streams streams;

    @BeforeEach
    void open() {
        images = ImageWatch.start(cluster);
        streams = streams(2, Duration.ofSeconds(15));
    }

    private Streams streams(int max, Duration heartbeat) {
        return new Streams(
                new StreamSettings(max, 1 << 16, heartbeat, Duration.ofSeconds(1)),
                images,
                new ReadMetrics(new SimpleMeterRegistry(), cluster, images));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(streams.openCount()).isZero();
        assertThat(buffers.unreleased()).isZero();
        streams.close();
        images.close();
    }

    private Flux<String> chunks() {
        return Flux.from(publisher()).map(ChunkPublisherTests::text);
    }

    private Publisher<DataBuffer> publisher() {
        return streams.publish(source, buffers);
    }

    private static String text(DataBuffer chunk) {
        String text = chunk.toString(StandardCharsets.UTF_8);
        DataBufferUtils.release(chunk);
        return text;
    }

    @Test
    void makesNoChunkThatNobodyAskedFor() {
        source.say("a", "b", "c");

        StepVerifier.create(chunks(), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext("a")
                .then(() -> assertThat(source.filled).hasValue(1))
                .thenRequest(1)
                .expectNext("b")
                .then(() -> assertThat(source.filled).hasValue(2))
                .thenCancel()
                .verify();
        await().until(() -> source.closed.get() == 1);
    }

    @Test
    void waitsForNewsAndThenGoesOn() {
        StepVerifier.create(chunks())
                .then(() -> source.say("a"))
                .then(source::news)
                .expectNext("a")
                .then(() -> source.say("b"))
                .then(source::news)
                .expectNext("b")
                .thenCancel()
                .verify();
        await().until(() -> streams.openCount() == 0);
    }

    @Test
    void endsWithWhatTheSourceSaysLast() {
        source.say("a");
        StepVerifier.create(chunks())
                .expectNext("a")
                .then(() -> streams.shutdown())
                .expectNext("Shutting down")
                .verifyComplete();
        await().until(() -> source.closed.get() == 1);
    }

    @Test
    void showsThatItLivesWhileThereIsNothingToSay() {
        streams.close();
        streams = streams(2, Duration.ofMillis(40));

        StepVerifier.create(chunks())
                .expectNext("~", "~", "~")
                .then(() -> source.say("a"))
                .then(source::news)
                .thenConsumeWhile("~"::equals)
                .thenCancel()
                .verify();
        await().until(() -> streams.openCount() == 0);
    }

    @Test
    void takesTheBenchFromAStreamWhoseClientTakesNothing() {
        streams.close();
        streams = streams(2, Duration.ofMillis(40));
        source.say("a", "b");

        StepVerifier.create(chunks(), 1)
                .expectNext("a")
                .then(() -> await().until(() -> source.benchesLost.get() == 1))
                .thenRequest(1)
                .expectNext("b")
                .thenCancel()
                .verify();
        await().until(() -> streams.openCount() == 0);
    }

    @Test
    void leavesABenchToFewOfTheStreamsWhoseClientsTakeNothing() {
        streams.close();
        streams = streams(200, Duration.ofSeconds(15));
        var sources = new ArrayList<Scripted>();
        var clients = new ArrayList<BaseSubscriber<DataBuffer>>();
        for (int i = 0; i < 100; i++) {
            var one = new Scripted();
            one.say("a", "b");
            sources.add(one);
            clients.add(new TakesOne());
            streams.publish(one, buffers).subscribe(clients.getLast());
        }

        await().until(() ->
                sources.stream().mapToInt(one -> one.benchesLost.get()).sum() == 100 - Streams.MAX_IDLE_BENCHES);

        clients.forEach(BaseSubscriber::cancel);
        await().until(() -> streams.openCount() == 0);
        assertThat(sources).allMatch(one -> one.benchesLost.get() == 1);
    }

    /** Asks for one chunk and no more. */
    private static final class TakesOne extends BaseSubscriber<DataBuffer> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }

        @Override
        protected void hookOnNext(DataBuffer chunk) {
            DataBufferUtils.release(chunk);
        }
    }

    @Test
    void turnsAwayOneStreamTooMany() {
        streams.close();
        streams = streams(1, Duration.ofSeconds(15));
        source.say("a");
        var second = new Scripted();

        StepVerifier.create(chunks(), 1)
                .expectNext("a")
                .then(() -> StepVerifier.create(
                                Flux.from(streams.publish(second, buffers)).map(ChunkPublisherTests::text))
                        .expectNext("Too many streams")
                        .verifyComplete())
                .thenCancel()
                .verify();
        await().until(() -> streams.openCount() == 0);
    }

    @Test
    void failsWhenTheSourceBreaks() {
        source.breaks = true;

        StepVerifier.create(chunks()).verifyErrorMessage("broken");
    }

    @Test
    void releasesWhatACancelledSubscriberDoesNotTake() {
        for (int i = 0; i < 200; i++) {
            source.say("x");
        }
        StepVerifier.create(Flux.from(publisher())
                        .concatMap(Flux::just, 1)
                        .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                        .map(ChunkPublisherTests::text)
                        .take(3))
                .expectNextCount(3)
                .verifyComplete();
        await().until(() -> streams.openCount() == 0 && buffers.unreleased() == 0);
    }

    @Test
    void refusesASecondSubscriber() {
        Publisher<DataBuffer> once = publisher();
        StepVerifier.create(once, 0).thenCancel().verify();
        StepVerifier.create(once).verifyError(NaruException.class);
        await().until(() -> streams.openCount() == 0);
    }

    /** Says what it is told to, one word a chunk. */
    private static final class Scripted implements ChunkSource {
        final Queue<String> words = new ConcurrentLinkedQueue<>();
        final AtomicInteger filled = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger benchesLost = new AtomicInteger();
        volatile boolean breaks;
        private volatile Runnable news = () -> {};
        private volatile @Nullable NaruException ending;

        void say(String... more) {
            words.addAll(java.util.List.of(more));
        }

        void news() {
            news.run();
        }

        @Override
        public void open(Runnable newNews) {
            news = newNews;
        }

        @Override
        public Next fill(Workbench bench, BooleanSupplier abandoned) {
            if (breaks) {
                throw new IllegalStateException("broken");
            }
            NaruException reason = ending;
            if (reason != null) {
                bench.sink().writeText(reason.code().title());
                return Next.END;
            }
            String word = words.poll();
            if (word == null) {
                return Next.WAIT;
            }
            filled.incrementAndGet();
            bench.sink().writeText(word);
            return Next.MORE;
        }

        @Override
        public void sent(int bytes) {}

        @Override
        public void heartbeat(Workbench bench) {
            bench.sink().writeText("~");
        }

        @Override
        public void letGoOfBench() {
            benchesLost.incrementAndGet();
        }

        @Override
        public void endWith(NaruException reason) {
            ending = reason;
        }

        @Override
        public boolean isAffectedBy(ClusterImage image) {
            return false;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}

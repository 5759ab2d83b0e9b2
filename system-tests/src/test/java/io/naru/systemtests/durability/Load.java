package io.naru.systemtests.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.systemtests.history.History;
import io.naru.systemtests.http.Api;
import io.naru.systemtests.http.EventFollower;
import io.naru.systemtests.process.RunningNaru;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several clients at work on one topic: each way of writing, and one reader that follows. They go on across restarts
 * of the server, of which {@link #serverIsUp} tells them.
 */
final class Load implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int BATCH = 20;

    private final History history = new History();
    private final Uptime uptime = new Uptime();
    private final Api api;
    private final EventFollower follower;
    private final List<Writer> writers;
    private final List<Thread> threads = new ArrayList<>();

    private Load(String url, String topic) {
        api = new Api(url);
        follower = new EventFollower(url, topic);
        writers = List.of(
                new JsonWriter("single-a", history, uptime, api, topic, 1),
                new JsonWriter("single-b", history, uptime, api, topic, 1),
                new JsonWriter("batch", history, uptime, api, topic, BATCH),
                new StreamWriter("stream", history, uptime, url, topic));
    }

    /** Starts all of them. */
    static Load start(RunningNaru naru, String topic) {
        Load load = new Load(naru.url(), topic);
        load.writers.forEach(writer ->
                load.threads.add(Thread.ofVirtual().name(writer.name()).start(writer)));
        load.threads.add(Thread.ofVirtual().name("follower").start(load::followOn));
        return load;
    }

    History history() {
        return history;
    }

    EventFollower follower() {
        return follower;
    }

    /** Returns once each writer has had so many more writes acknowledged. */
    void awaitAcknowledgedByEach(long more) {
        for (Writer writer : writers) {
            long target = history.acknowledgedBy(writer.name()) + more;
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertThat(history.acknowledgedBy(writer.name()))
                            .as(() -> "acknowledged to " + writer.name() + ", while " + state())
                            .isGreaterThanOrEqualTo(target));
        }
    }

    /** What everybody has got so far, to see from it who waits and who goes on. */
    private String state() {
        return writers.stream()
                .map(writer -> "%s has %d, its last problem: %s"
                        .formatted(writer.name(), history.acknowledgedBy(writer.name()), writer.lastProblem()))
                .collect(Collectors.joining(
                        "; ", "", "; the follower has " + follower.seen().size()));
    }

    /** Says that the server is about to end: whoever loses its connection then waits for {@link #serverIsUp}. */
    void serverEnds() {
        uptime.end();
    }

    /** Lets those whose connection broke connect again. */
    void serverIsUp() {
        uptime.begin();
    }

    /** Ends the writers and waits for them; the follower goes on. */
    void endWriting() throws InterruptedException {
        uptime.finish();
        for (Thread thread : threads) {
            if (!thread.getName().equals("follower")) {
                thread.join(LIMIT);
            }
        }
    }

    private void followOn() {
        try {
            do {
                follower.follow();
            } while (uptime.awaitNextAttempt());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        uptime.finish();
        follower.close();
        api.close();
        threads.forEach(Thread::interrupt);
    }
}

package io.naru.broker.api.v1.stream;

import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.config.ReadApi;
import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.EventReader;
import io.naru.broker.testing.EventReader.Event;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.SteeredPartition;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ErrorCode;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StreamBoundsTests {
    private static final String STREAM = "/v1/topics/orders/stream";

    private TestBroker broker;
    private SteeredPartition partition;

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                "server.shutdown=graceful", "streams.max=2", "streams.heartbeat=200ms", "streams.retry=50ms");
        broker.cluster().create("orders", 1);
        partition = broker.partitions().partition("orders", 0);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static void skipStart(EventReader reader) {
        assertThat(reader.next().id()).isNotNull();
        assertThat(reader.next().retry()).isEqualTo("50");
    }

    @Test
    void showsThatASilentStreamLives() {
        try (EventReader events = broker.calls().stream(STREAM);
                EventReader lines = broker.calls().stream(STREAM, "Accept", "application/x-ndjson")) {
            skipStart(events);
            assertThat(events.next()).isEqualTo(new Event(null, null, null, null, ""));
            assertThat(events.next().isHeartbeat()).isTrue();
            assertThat(lines.nextLine()).isEmpty();
        }
    }

    @Test
    void tellsHowFarAFilterCameInsteadOfAHeartbeat() {
        try (EventReader events = broker.calls().stream(STREAM + "?key=wanted");
                EventReader lines = broker.calls().stream(STREAM + "?key=wanted", "Accept", "application/x-ndjson")) {
            skipStart(events);
            append(partition, Entry.of("other", "1"));

            Event event = events.next();
            while (event.isHeartbeat()) {
                event = events.next();
            }
            assertThat(event).isEqualTo(new Event("0:1", null, null, null, null));
            String line = lines.nextLine();
            while (line.isEmpty()) {
                line = lines.nextLine();
            }
            assertThat(line).isEqualTo("{\"scanned_to\":\"0:1\"}");
        }
    }

    @Test
    void tellsOneStreamTooManyToComeBackLater() {
        try (EventReader first = broker.calls().stream(STREAM);
                EventReader second = broker.calls().stream(STREAM)) {
            first.next();
            second.next();

            try (EventReader third = broker.calls().stream(STREAM)) {
                assertThat(third.response().statusCode()).isEqualTo(200);
                Event problem = third.nextOf("problem");
                assertThat(problem.data()).contains("\"error_code\":42901", "\"retriable\":true");
                assertThat(third.next()).isNull();
            }
            assertThat(broker.calls()
                            .get(STREAM, "Accept", "application/x-ndjson")
                            .status())
                    .isEqualTo(429);
            assertThat(broker.openStreams()).isEqualTo(2);
        }
        await().until(() -> broker.openStreams() == 0);
        try (EventReader again = broker.calls().stream(STREAM)) {
            skipStart(again);
        }
    }

    @Test
    void tellsABrowserToComeBackWhenThereIsNoLeader() {
        broker.partitions().refuse("orders", 0, ErrorCode.LEADER_UNAVAILABLE);

        try (EventReader events = broker.calls().stream(STREAM)) {
            assertThat(events.response().statusCode()).isEqualTo(200);
            assertThat(events.response().headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(events.next().retry()).isEqualTo("50");
            assertThat(events.nextOf("problem").data()).contains("\"error_code\":50304");
            assertThat(events.next()).isNull();
        }
        assertThat(broker.calls().get(STREAM, "Accept", "application/x-ndjson").status())
                .isEqualTo(503);
    }

    @Test
    void followsANewPartitionThatHasNoLeaderYetAsSoonAsItHasOne() {
        try (EventReader events = broker.calls().stream(STREAM)) {
            skipStart(events);
            broker.partitions().refuse("orders", 1, ErrorCode.LEADER_UNAVAILABLE);
            broker.cluster().grow("orders", 2);
            append(partition, "old");
            assertThat(events.nextOf("record").id()).isEqualTo("0:1");

            broker.partitions().heal();
            append(broker.partitions().partition("orders", 1), "new");

            assertThat(events.nextOf("record").id()).isEqualTo("0:1,1:1");
        }
    }

    @Test
    void endsStreamsAndWaitsWhenTheBrokerStops() {
        try (EventReader events = broker.calls().stream(STREAM);
                EventReader lines = broker.calls().stream(STREAM, "Accept", "application/x-ndjson")) {
            skipStart(events);
            CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(
                    () -> broker.calls().get("/v1/topics/orders/partitions/0/records?wait_ms=30000"));
            await().until(() -> partition.listenerCount() == 3);

            broker.bean(ReadApi.class).shutdown();

            assertThat(events.nextOf("problem").data()).contains("\"error_code\":50306", "\"retriable\":true");
            assertThat(events.next()).isNull();
            String line = lines.nextLine();
            while (line.isEmpty()) {
                line = lines.nextLine();
            }
            assertThat(line).contains("\"error_code\":50306");
            assertThat(waiting.join().text()).contains("\"next_offset\":0");
            try (EventReader late = broker.calls().stream(STREAM)) {
                assertThat(late.nextOf("problem").data()).contains("\"error_code\":50306");
            }
        }
        await().until(() -> partition.listenerCount() == 0);
    }

    @Test
    void endsStreamsBeforeTheServerWaitsForItsLastRequests() {
        try (EventReader events = broker.calls().stream(STREAM);
                EventReader lines = broker.calls().stream(STREAM, "Accept", "application/x-ndjson")) {
            skipStart(events);
            await().until(() -> partition.listenerCount() == 2);

            broker.close();

            assertThat(events.nextOf("problem").data()).contains("\"error_code\":50306");
            assertThat(events.next()).isNull();
            String line = lines.nextLine();
            while (line.isEmpty()) {
                line = lines.nextLine();
            }
            assertThat(line).contains("\"error_code\":50306");
            assertThat(lines.nextLine()).isNull();
        }
    }

    @Test
    void countsWhatIsSent() {
        append(partition, Entry.of(null, "a"), Entry.of(null, "b"));
        try (EventReader events = broker.calls().stream(STREAM + "?from=earliest")) {
            events.nextOf("record");
            events.nextOf("record");

            assertThat(broker.openStreams()).isEqualTo(1);
        }
        int page = broker.calls().get("/v1/topics/orders/records").body().length;

        assertThat(count("messagesout", "orders")).isEqualTo(4);
        assertThat(count("bytesout", "orders")).isGreaterThan(page);
        assertThat(broker.bean(MeterRegistry.class)
                        .get("request_time")
                        .tag("request", "read")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    private double count(String meter, String topic) {
        Counter counter =
                broker.bean(MeterRegistry.class).find(meter).tag("topic", topic).counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void forgetsTheCountersOfADeletedTopicThoughItsLastStreamStillEnds() {
        append(partition, "a");
        try (EventReader events = broker.calls().stream(STREAM + "?from=earliest")) {
            events.nextOf("record");
            await().until(() -> count("messagesout", "orders") == 1);

            broker.cluster().delete("orders");

            assertThat(events.nextOf("problem").data()).contains("\"error_code\":40401");
            await().until(() -> count("bytesout", "orders") == 0);
        }
        broker.cluster().create("orders", 1);
        append(broker.partitions().partition("orders", 0), "b");
        broker.calls().get("/v1/topics/orders/records");
        assertThat(count("messagesout", "orders")).isEqualTo(1);
    }
}

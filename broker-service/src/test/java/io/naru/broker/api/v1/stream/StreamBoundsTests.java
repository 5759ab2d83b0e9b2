package io.naru.broker.api.v1.stream;

import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.EventReader;
import io.naru.broker.testing.EventReader.Event;
import io.naru.broker.testing.ReadBroker;
import io.naru.broker.testing.TestPartition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StreamBoundsTests {
    private static final String STREAM = "/v1/topics/orders/stream";

    private ReadBroker broker;
    private TestPartition partition;

    @BeforeEach
    void start() {
        broker = ReadBroker.start(
                "server.shutdown=graceful", "streams.max=2", "streams.heartbeat=200ms", "streams.retry=50ms");
        broker.cluster().create("orders", 1);
        partition = broker.cluster().partition("orders", 0);
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
        try (EventReader events = broker.events(STREAM);
                EventReader lines = broker.events(STREAM, "Accept: application/x-ndjson")) {
            skipStart(events);
            assertThat(events.next()).isEqualTo(new Event(null, null, null, null, ""));
            assertThat(events.next().isHeartbeat()).isTrue();
            assertThat(lines.nextLine()).isEmpty();
        }
    }

    @Test
    void tellsHowFarAFilterCameInsteadOfAHeartbeat() {
        try (EventReader events = broker.events(STREAM + "?key=wanted");
                EventReader lines = broker.events(STREAM + "?key=wanted", "Accept: application/x-ndjson")) {
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
        try (EventReader first = broker.events(STREAM);
                EventReader second = broker.events(STREAM)) {
            first.next();
            second.next();

            try (EventReader third = broker.events(STREAM)) {
                assertThat(third.response().statusCode()).isEqualTo(200);
                Event problem = third.nextOf("problem");
                assertThat(problem.data()).contains("\"error_code\":42901", "\"retriable\":true");
                assertThat(third.next()).isNull();
            }
            assertThat(broker.get(STREAM, "Accept: application/x-ndjson").statusCode())
                    .isEqualTo(429);
            assertThat(broker.openStreams()).isEqualTo(2);
        }
        await().until(() -> broker.openStreams() == 0);
        try (EventReader again = broker.events(STREAM)) {
            skipStart(again);
        }
    }

    @Test
    void tellsABrowserToComeBackWhenThereIsNoLeader() {
        broker.cluster().withhold(new NaruException(ErrorCode.LEADER_UNAVAILABLE, "No broker leads it now."));

        try (EventReader events = broker.events(STREAM)) {
            assertThat(events.response().statusCode()).isEqualTo(200);
            assertThat(events.response().headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(events.next().retry()).isEqualTo("50");
            assertThat(events.nextOf("problem").data()).contains("\"error_code\":50304");
            assertThat(events.next()).isNull();
        }
        assertThat(broker.get(STREAM, "Accept: application/x-ndjson").statusCode())
                .isEqualTo(503);
    }

    @Test
    void followsANewPartitionThatHasNoLeaderYetAsSoonAsItHasOne() {
        try (EventReader events = broker.events(STREAM)) {
            skipStart(events);
            broker.cluster().withhold(new NaruException(ErrorCode.LEADER_UNAVAILABLE, "No broker leads it now."));
            broker.cluster().grow("orders", 2);
            append(partition, "old");
            assertThat(events.nextOf("record").id()).isEqualTo("0:1");

            broker.cluster().withhold(null);
            append(broker.cluster().partition("orders", 1), "new");

            assertThat(events.nextOf("record").id()).isEqualTo("0:1,1:1");
        }
    }

    @Test
    void endsStreamsAndWaitsWhenTheBrokerStops() {
        try (EventReader events = broker.events(STREAM);
                EventReader lines = broker.events(STREAM, "Accept: application/x-ndjson")) {
            skipStart(events);
            CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(
                    () -> broker.get("/v1/topics/orders/partitions/0/records?wait_ms=30000"));
            await().until(() -> partition.listenerCount() == 3);

            broker.api().shutdown();

            assertThat(events.nextOf("problem").data()).contains("\"error_code\":50306", "\"retriable\":true");
            assertThat(events.next()).isNull();
            String line = lines.nextLine();
            while (line.isEmpty()) {
                line = lines.nextLine();
            }
            assertThat(line).contains("\"error_code\":50306");
            assertThat(waiting.join().body()).contains("\"next_offset\":0");
            try (EventReader late = broker.events(STREAM)) {
                assertThat(late.nextOf("problem").data()).contains("\"error_code\":50306");
            }
        }
        await().until(() -> partition.listenerCount() == 0);
    }

    @Test
    void endsStreamsBeforeTheServerWaitsForItsLastRequests() {
        try (EventReader events = broker.events(STREAM);
                EventReader lines = broker.events(STREAM, "Accept: application/x-ndjson")) {
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
        try (EventReader events = broker.events(STREAM + "?from=earliest")) {
            events.nextOf("record");
            events.nextOf("record");

            assertThat(broker.openStreams()).isEqualTo(1);
        }
        int page = broker.getBytes("/v1/topics/orders/records").body().length;

        assertThat(broker.meters().get("messagesout").counter().count()).isEqualTo(4);
        assertThat(broker.meters().get("bytesout").counter().count()).isGreaterThan(page);
    }
}

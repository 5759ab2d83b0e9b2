package io.naru.broker.api.v1.stream;

import static io.naru.broker.testing.Batches.TIME;
import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.EventReader;
import io.naru.broker.testing.EventReader.Event;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.SteeredPartition;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class StreamTests {
    private static TestBroker broker;
    private static int topics;

    private final List<EventReader> opened = new ArrayList<>();
    private String topic;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopic() {
        topic = "topic-" + topics++;
        broker.cluster().create(topic, 2);
    }

    /** A stream whose client has gone leaves nothing behind. */
    @AfterEach
    void noStreamIsLeft() {
        opened.forEach(EventReader::close);
        await().until(() -> broker.openStreams() == 0 && broker.bufferedBytes() == 0);
        broker.partitions()
                .held(topic)
                .forEach(one ->
                        assertThat(((SteeredPartition) one).listenerCount()).isZero());
    }

    private SteeredPartition partition(int number) {
        return broker.partitions().partition(topic, number);
    }

    private EventReader follow(String query, String... headers) {
        EventReader reader = broker.calls().stream("/v1/topics/" + topic + "/stream" + query, headers);
        opened.add(reader);
        return reader;
    }

    private static String place(Event event) {
        String data = String.valueOf(event.data());
        return data.replaceFirst(".*\"partition\":(\\d+),\"offset\":(\\d+),.*", "$1:$2");
    }

    @Test
    void tellsWhereItStartsBeforeAnythingElse() {
        append(partition(0), "old");

        EventReader reader = follow("");

        assertThat(reader.response().statusCode()).isEqualTo(200);
        assertThat(reader.response().headers().map())
                .containsEntry("content-type", List.of("text/event-stream"))
                .containsEntry("cache-control", List.of("no-cache, no-transform"))
                .containsEntry("x-accel-buffering", List.of("no"));
        assertThat(reader.next()).isEqualTo(new Event("0:1,1:0", null, null, null, null));
        assertThat(reader.next()).isEqualTo(new Event(null, null, null, "1000", null));
    }

    @Test
    void sendsEachRecordAsItIsAcknowledged() {
        EventReader reader = follow("");
        reader.next();

        append(partition(1), Entry.of("k", "{\n\"n\":1}").with("h", "v"));
        assertThat(reader.nextOf("record"))
                .isEqualTo(new Event(
                        "0:0,1:1",
                        "record",
                        "{\"topic\":\"%s\",\"partition\":1,\"offset\":0,\"timestamp\":%d,\"key\":\"k\",\"value\":{ \"n\":1},\"headers\":[{\"name\":\"h\",\"value\":\"v\"}]}"
                                .formatted(topic, TIME),
                        null,
                        null));

        append(partition(0), "next");
        assertThat(reader.nextOf("record").id()).isEqualTo("0:1,1:1");
    }

    @Test
    void startsBehindWhatIsThereUnlessToldOtherwise() {
        append(partition(0), Entry.of(null, "a"), Entry.of(null, "b"));

        EventReader latest = follow("");
        latest.next();
        append(partition(0), "c");
        assertThat(place(latest.nextOf("record"))).isEqualTo("0:2");

        EventReader earliest = follow("?from=earliest");
        assertThat(place(earliest.nextOf("record"))).isEqualTo("0:0");
        assertThat(place(follow("?from=0:1").nextOf("record"))).isEqualTo("0:1");
    }

    @Test
    void showsNothingThatIsNotAcknowledged() {
        partition(0).holdHighWatermark();
        append(partition(0), "a");
        EventReader reader = follow("?from=earliest");
        assertThat(reader.next()).isEqualTo(new Event("0:0,1:0", null, null, null, null));
        append(partition(1), "b");
        assertThat(place(reader.nextOf("record"))).isEqualTo("1:0");

        partition(0).releaseHighWatermark();

        assertThat(place(reader.nextOf("record"))).isEqualTo("0:0");
    }

    @Test
    void prefersTheHeaderToTheParameterToTheStart() {
        append(partition(0), Entry.of(null, "a"), Entry.of(null, "b"), Entry.of(null, "c"));

        assertThat(place(follow("?from=earliest&last_event_id=0:1", "Last-Event-ID", "0:2")
                        .nextOf("record")))
                .isEqualTo("0:2");
        assertThat(place(follow("?from=earliest&last_event_id=0:1").nextOf("record")))
                .isEqualTo("0:1");
        assertThat(place(follow("?from=0:1&last_event_id=").nextOf("record"))).isEqualTo("0:1");
        assertThat(place(follow("", "Last-Event-ID", "0%3A2%2C1%3A0").nextOf("record")))
                .isEqualTo("0:2");
    }

    @Test
    void startsPartitionsThatTheCursorLacksAtTheirEarliestUnlessExcluded() {
        append(partition(0), "a");
        append(partition(1), "b");

        assertThat(place(follow("?from=0:1").nextOf("record"))).isEqualTo("1:0");
        EventReader only = follow("?from=0:0&partitions=0");
        Event first = only.nextOf("record");
        assertThat(place(first)).isEqualTo("0:0");
        assertThat(first.id()).isEqualTo("0:1");
    }

    @Test
    void sendsLinesToWhoAcceptsThem() {
        append(partition(0), "old");
        EventReader reader = follow("", "Accept", "application/x-ndjson");

        assertThat(reader.response().headers().firstValue("naru-cursor")).contains("0:1,1:0");
        append(partition(1), Entry.of("k", "{\n}"));

        assertThat(reader.nextLine())
                .isEqualTo(
                        "{\"topic\":\"%s\",\"partition\":1,\"offset\":0,\"timestamp\":%d,\"key\":\"k\",\"value\":{ },\"headers\":[]}"
                                .formatted(topic, TIME));
    }

    @Test
    void tellsOfAGapAndGoesOnBehindIt() {
        for (int i = 0; i < 5; i++) {
            append(partition(0), "v" + i);
        }
        partition(0).moveLogStart(3);

        EventReader reader = follow("?from=0:1");
        assertThat(reader.next()).isEqualTo(new Event("0:1,1:0", null, null, null, null));
        Event gap = reader.nextOf("gap");
        assertThat(gap.id()).isEqualTo("0:3,1:0");
        assertThat(gap.data())
                .isEqualTo("{\"partition\":0,\"from_offset\":1,\"to_offset\":3,\"reason\":\"below_log_start\"}");
        assertThat(place(reader.nextOf("record"))).isEqualTo("0:3");

        EventReader lines = follow("?from=0:1", "Accept", "application/x-ndjson");
        assertThat(lines.nextLine())
                .isEqualTo(
                        "{\"gap\":{\"partition\":0,\"from_offset\":1,\"to_offset\":3,\"reason\":\"below_log_start\"}}");
    }

    @Test
    void endsAtAGapWhereThatIsWanted() {
        append(partition(0), Entry.of(null, "a"), Entry.of(null, "b"));
        partition(0).moveLogStart(1);

        Answer refused = broker.calls().get("/v1/topics/" + topic + "/stream?from=0:0&on_gap=fail");

        assertThat(refused.status()).isEqualTo(410);
        assertThat(refused.text()).contains("\"partition\":0", "\"log_start_offset\":1", "\"high_watermark\":2");
    }

    @Test
    void filtersByKeyAndHeader() {
        EventReader reader = follow("?key=a&header.type=x");
        reader.next();
        append(partition(0), Entry.of("a", "1"), Entry.of("b", "2").with("type", "x"));
        append(partition(0), Entry.of("a", "3").with("type", "x"));

        Event event = reader.nextOf("record");

        assertThat(place(event)).isEqualTo("0:2");
        assertThat(event.id()).isEqualTo("0:3,1:0");
    }

    @Test
    void followsPartitionsCreatedLaterFromTheirFirstRecord() {
        EventReader all = follow("");
        EventReader some = follow("?partitions=0");
        all.next();
        some.next();

        broker.cluster().grow(topic, 3);
        append(partition(2), "new");
        append(partition(0), "old");

        Set<String> places = new HashSet<>();
        places.add(place(all.nextOf("record")));
        places.add(place(all.nextOf("record")));
        assertThat(places).containsExactlyInAnyOrder("2:0", "0:0");
        Event only = some.nextOf("record");
        assertThat(place(only)).isEqualTo("0:0");
        assertThat(only.id()).isEqualTo("0:1");
    }

    @Test
    void saysThatTheTopicWasDeletedAndEnds() {
        EventReader reader = follow("");
        reader.next();
        EventReader lines = follow("", "Accept", "application/x-ndjson");

        broker.cluster().delete(topic);

        Event problem = reader.nextOf("problem");
        assertThat(problem.data()).contains("\"error_code\":40401", "\"retriable\":false");
        assertThat(reader.next()).isNull();
        assertThat(lines.nextLine()).startsWith("{\"problem\":{\"type\":").contains("\"error_code\":40401");
        assertThat(lines.nextLine()).isNull();
    }

    @Test
    void saysThatThePartitionMovedAndEnds() {
        EventReader reader = follow("");
        reader.next();

        partition(1).endReading(new NaruException(ErrorCode.LEADER_UNAVAILABLE, "moved"));

        Event problem = reader.nextOf("problem");
        assertThat(problem.data()).contains("\"error_code\":50304", "\"retriable\":true", "\"detail\":\"moved\"");
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "?from=x, 400, 40007",
        "?from=2:0, 400, 40007",
        "?from=0:1, 422, 42205",
        "?partitions=2, 404, 40402",
        "?partitions=a, 400, 40005",
        "?on_gap=ignore, 400, 40005",
        "?offset=1, 400, 40004",
    })
    void refusesForGoodWhatNoRetryMends(String query, int status, int code) {
        Answer answer = broker.calls().get("/v1/topics/" + topic + "/stream" + query);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains("\"error_code\":" + code);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void refusesUnknownTopicsBadHeadersAndTypesItCannotSend() {
        assertThat(broker.calls().get("/v1/topics/nobody/stream").text()).contains("\"error_code\":40401");
        assertThat(broker.calls()
                        .get("/v1/topics/" + topic + "/stream", "Last-Event-ID", "nonsense")
                        .text())
                .contains("\"error_code\":40007");
        assertThat(broker.calls()
                        .get("/v1/topics/" + topic + "/stream", "Accept", "image/png")
                        .status())
                .isEqualTo(406);
    }

    @Test
    void refusesMorePartitionsThanAStreamFollows() {
        broker.cluster().create(topic + "-wide", 257);

        assertThat(broker.calls().get("/v1/topics/" + topic + "-wide/stream").text())
                .contains("\"error_code\":40005", "at most 256");
        String first256 = String.join(
                ",", IntStream.range(0, 256).mapToObj(String::valueOf).toList());
        EventReader reader = broker.calls().stream("/v1/topics/" + topic + "-wide/stream?partitions=" + first256);
        opened.add(reader);
        assertThat(reader.next().id()).startsWith("0:0,1:0,").endsWith(",255:0");
    }

    @Test
    void takesTheLongestCursorThereCanBe() {
        broker.cluster().create(topic + "-long", 256);
        String cursor = IntStream.range(0, 256)
                .mapToObj(number -> number + ":0000000000000000000")
                .collect(Collectors.joining(","));

        for (EventReader reader : List.of(
                broker.calls().stream("/v1/topics/" + topic + "-long/stream?from=" + cursor),
                broker.calls().stream("/v1/topics/" + topic + "-long/stream", "Last-Event-ID", "" + cursor))) {
            opened.add(reader);
            assertThat(reader.next().id()).startsWith("0:0,1:0,").endsWith(",255:0");
        }
    }

    @Test
    void answersOnlyTheHeadToAHeadRequest() throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(broker.uri("/v1/topics/" + topic + "/stream"))
                .method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody())
                .build();
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            var answer = client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void doesNotLetABusyPartitionStarveAnother() {
        String large = "x".repeat(60_000);
        for (int i = 0; i < 200; i++) {
            append(partition(0), large);
        }
        append(partition(1), "quiet");

        EventReader reader = follow("?from=earliest");
        var before = new ArrayList<String>();
        for (String place = ""; !place.equals("1:0"); place = place(reader.nextOf("record"))) {
            before.add(place);
        }
        assertThat(before).hasSizeLessThan(5);
    }
}

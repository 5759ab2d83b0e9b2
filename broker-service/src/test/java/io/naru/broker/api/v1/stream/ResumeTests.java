package io.naru.broker.api.v1.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.Batches;
import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.TestBroker;
import io.naru.commitlog.batch.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A reader whose connection breaks at any byte, and who comes back with the last id it has read whole, sees every
 * record exactly once, while others write.
 */
@Timeout(120)
class ResumeTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PARTITIONS = 3;
    private static final int BATCHES = 400;

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBroker.start("streams.chunk-bytes=2000");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void seesEveryRecordOnceHoweverOftenTheConnectionBreaks(long seed) throws Exception {
        String topic = "topic-" + seed;
        broker.cluster().create(topic, PARTITIONS);
        var random = new Random(seed);
        CompletableFuture<long[]> written = CompletableFuture.supplyAsync(() -> write(topic, seed));
        Map<Integer, List<Long>> seen = new TreeMap<>();
        IntStream.range(0, PARTITIONS).forEach(partition -> seen.put(partition, new ArrayList<>()));
        String lastId = null;
        int connections = 0;
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (!written.isDone()
                    || total(seen) < LongStream.of(written.join()).sum()) {
                lastId = readSome(client, topic, lastId, random, seen);
                connections++;
            }
        }
        long[] counts = written.join();
        seen.forEach((partition, offsets) -> assertThat(offsets)
                .containsExactlyElementsOf(
                        LongStream.range(0, counts[partition]).boxed().toList()));
        assertThat(connections).isGreaterThan(3);
    }

    private static long total(Map<Integer, List<Long>> seen) {
        return seen.values().stream().mapToLong(List::size).sum();
    }

    /** Appends batches of one to nine records to random partitions; answers how many each got. */
    private static long[] write(String topic, long seed) {
        var random = new Random(~seed);
        var counts = new long[PARTITIONS];
        for (int i = 0; i < BATCHES; i++) {
            int partition = random.nextInt(PARTITIONS);
            int size = 1 + random.nextInt(9);
            List<Entry> entries = IntStream.range(0, size)
                    .mapToObj(n -> Entry.of("k" + n, "v".repeat(random.nextInt(200))))
                    .toList();
            Batches.append(
                    broker.partitions().partition(topic, partition),
                    random.nextBoolean() ? Codec.ZSTD : Codec.NONE,
                    entries);
            counts[partition] += size;
            Thread.yield();
        }
        return counts;
    }

    /** Reads up to some random byte, then breaks off; answers the id of the last whole block. */
    private static @Nullable String readSome(
            HttpClient client, String topic, @Nullable String lastId, Random random, Map<Integer, List<Long>> seen)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(broker.uri("/v1/topics/" + topic + "/stream?from=earliest"));
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        var received = new ByteArrayOutputStream();
        int limit = 1 + random.nextInt(60_000);
        try (InputStream body = answer.body()) {
            byte[] some = new byte[4096];
            // What is there by now is enough: the last connections find little, and waiting for more would not end.
            do {
                int count = body.read(some, 0, Math.min(some.length, limit - received.size()));
                received.write(some, 0, Math.max(count, 0));
            } while (received.size() < limit && body.available() > 0);
        }
        String id = lastId;
        for (String block : wholeBlocks(received.toString(StandardCharsets.UTF_8))) {
            for (String line : block.split("\n")) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    JsonNode event = JSON.readTree(line.substring(6));
                    seen.get(event.get("partition").intValue())
                            .add(event.get("offset").longValue());
                }
            }
        }
        return id;
    }

    private static List<String> wholeBlocks(String text) {
        int end = text.lastIndexOf("\n\n");
        return end < 0 ? List.of() : List.of(text.substring(0, end).split("\n\n"));
    }
}

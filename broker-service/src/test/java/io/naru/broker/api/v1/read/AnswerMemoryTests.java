package io.naru.broker.api.v1.read;

import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.api.web.MemoryBudget;
import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.RawConnection;
import io.naru.broker.testing.SteeredPartition;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.batch.Codec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class AnswerMemoryTests {
    private static final int BUDGET = 8 << 20;
    private static final int RECORDS = 1200;
    private static final String RECORD_OF_16_KIB = "x".repeat(16 * 1024);
    private static final String PAGE = "/v1/topics/orders/partitions/0/records";
    private static final String LARGE_PAGE = PAGE + "?limit=10000&max_bytes=16777216";
    private static final String BATCHES = "application/vnd.naru.record-batch";

    private TestBroker broker;
    private SteeredPartition partition;
    private MemoryBudget memory;

    @BeforeEach
    void start() {
        start(BUDGET);
    }

    private void start(int budget) {
        broker = TestBroker.start("http.max-answers-bytes=" + budget);
        broker.cluster().create("orders", 1);
        partition = broker.partitions().partition("orders", 0);
        memory = broker.bean(MemoryBudget.class);
        var ten = Collections.nCopies(10, Entry.of("k", RECORD_OF_16_KIB));
        for (int i = 0; i < RECORDS; i += 10) {
            append(partition, Codec.NONE, ten);
        }
    }

    @AfterEach
    void everythingIsGivenBack() {
        await().until(() -> memory.heldBytes() == 0);
        await().until(() -> broker.bufferedBytes() == 0);
        broker.close();
    }

    /** Lets others hold all but so many bytes. */
    private MemoryBudget.Share leave(long bytes) {
        // The last answer may have come a moment before its memory is given back.
        await().until(() -> memory.heldBytes() == 0);
        var others = memory.share();
        others.take(BUDGET - bytes);
        return others;
    }

    private static int count(Answer page) {
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        return page.json().get("records").size();
    }

    @Test
    void aPageTakesAPartOfWhatThereIsAndTheNextGoesOnWhereItEnded() {
        long next = 0;
        int pages = 0;
        while (next < RECORDS) {
            Answer page = broker.calls().get(LARGE_PAGE + "&offset=" + next);
            assertThat(page.body()).hasSizeLessThan(BUDGET / 4);
            assertThat(count(page)).isPositive();
            assertThat(page.json().at("/records/0/offset").asLong()).isEqualTo(next);
            assertThat(page.json().get("next_offset").asLong()).isEqualTo(next + count(page));
            next += count(page);
            pages++;
        }
        assertThat(pages).isBetween(RECORDS * 16 / 1024 / 2, 40);
    }

    @Test
    void pagesGetSmallerWhileOthersHoldMuchAndTellEveryRecordAllTheSame() {
        var others = leave(400 * 1024);
        try {
            var seen = new ArrayList<Long>();
            String cursor = "earliest";
            while (seen.size() < 50) {
                Answer page = broker.calls().get("/v1/topics/orders/records?from=" + cursor);
                assertThat(count(page)).isBetween(1, 10);
                page.json()
                        .get("records")
                        .forEach(one -> seen.add(one.get("offset").asLong()));
                cursor = page.json().get("cursor").asString();
            }
            assertThat(seen)
                    .isEqualTo(java.util.stream.LongStream.range(0, seen.size())
                            .boxed()
                            .toList());
        } finally {
            others.release();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PAGE,
                PAGE + "/7",
                PAGE + "/7/value",
                "/v1/topics/orders/records",
            })
    void refusesWhatThereIsNoRoomForAndServesItOnceThereIs(String path) {
        var others = leave(1000);

        Answer refused = broker.calls().get(path);

        assertThat(refused.failure()).isEqualTo("503 50305");
        assertThat(refused.json().get("retriable").asBoolean()).isTrue();
        assertThat(refused.json().get("detail").asString()).contains("http.max-answers-bytes");
        assertThat(refused.header("retry-after")).isEqualTo("1");
        others.release();
        assertThat(broker.calls().get(path).status()).isEqualTo(200);
    }

    @Test
    void anEmptyPageIsAnsweredHoweverLittleRoomThereIs() {
        var others = leave(0);

        assertThat(count(broker.calls().get(PAGE + "?offset=latest"))).isZero();

        others.release();
    }

    @Test
    void wholeBatchesAreFewerWhileOthersHoldMuch() {
        Answer large = broker.calls().get(PAGE + "?max_bytes=1048576", "Accept", BATCHES);
        var others = leave(400 * 1024);
        Answer single = broker.calls().get(PAGE + "?max_bytes=1048576", "Accept", BATCHES);
        others.release();
        others = leave(100 * 1024);
        Answer refused = broker.calls().get(PAGE + "?max_bytes=1048576", "Accept", BATCHES);
        others.release();

        assertThat(large.header("naru-next-offset")).isEqualTo("60");
        assertThat(single.header("naru-next-offset")).isEqualTo("10");
        assertThat(refused.failure()).isEqualTo("503 50305");
    }

    @Test
    void aRecordLargerThanTheWholeBudgetIsReadWhenNothingElseIs() {
        append(partition, Codec.ZSTD, List.of(Entry.of("large", "y".repeat(BUDGET + 1))));

        Answer page = broker.calls().get(PAGE + "?offset=" + RECORDS);

        assertThat(count(page)).isEqualTo(1);
        assertThat(page.body()).hasSizeGreaterThan(BUDGET);
    }

    @Test
    void clientsThatDoNotReadHoldNoMoreThanTheBudgetAndGiveItBackWhenTheyGo() throws IOException {
        broker.close();
        int budget = 8 * BUDGET;
        start(budget);
        var clients = new ArrayList<RawConnection>();
        try {
            for (int i = 0; i < 40; i++) {
                clients.add(new RawConnection(broker.port(), 8 * 1024).get(LARGE_PAGE));
            }
            await().until(() -> memory.heldBytes() > budget / 2);
            await().during(300, TimeUnit.MILLISECONDS).until(() -> memory.heldBytes() <= budget);
            // What is on its way to the network is copied piece by piece.
            assertThat(broker.bufferedBytes()).isLessThan(40 * 80 * 1024);
            assertThat(broker.bean(MeterRegistry.class)
                            .get("answers.held.bytes")
                            .gauge()
                            .value())
                    .isPositive();
        } finally {
            for (RawConnection client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aWaitingRequestHoldsNothingThatItHasLookedThrough() {
        String path = PAGE + "?key=nobody&wait_ms=30000&offset=" + (RECORDS - 10);
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> broker.calls().get(path));
        await().until(() -> partition.listenerCount() == 1 && partition.readCount() > 1);

        await().until(() -> memory.heldBytes() < 1024);

        append(partition, Entry.of("nobody", "now"));
        assertThat(count(waiting.join())).isEqualTo(1);
    }

    @Test
    void requestsThatFailOrAreGivenUpHoldNothing() throws IOException {
        for (String path : List.of(PAGE + "?offset=99999", PAGE + "/99999", "/v1/topics/orders/records?from=0:99999")) {
            assertThat(broker.calls().get(path).status()).as(path).isGreaterThanOrEqualTo(400);
        }
        try (RawConnection client = new RawConnection(broker.port())) {
            client.get(PAGE + "?offset=latest&wait_ms=30000");
            await().until(() -> partition.listenerCount() == 1);
        }
        await().until(() -> partition.listenerCount() == 0);

        partition.endReading(new NaruException(ErrorCode.STORAGE_FAILED, "The test says so."));
        assertThat(broker.calls().get(PAGE).failure()).isEqualTo("503 50301");
    }

    @Test
    void aLargePageIsSentWholeAndItsConnectionServesTheNext() throws IOException {
        try (RawConnection client = new RawConnection(broker.port())) {
            for (int i = 0; i < 3; i++) {
                String head = client.get(LARGE_PAGE + "&offset=" + i * 10).readHead();
                assertThat(head).startsWith("HTTP/1.1 200").contains("Cache-Control: no-store");
                int length = Integer.parseInt(head.replaceAll("(?s).*[Cc]ontent-[Ll]ength: (\\d+).*", "$1"));
                assertThat(length).isGreaterThan(512 * 1024);
                assertThat(new String(client.readBytes(length), java.nio.charset.StandardCharsets.UTF_8))
                        .startsWith("{\"records\":[{\"topic\":\"orders\",\"partition\":0,\"offset\":" + i * 10)
                        .endsWith("\"high_watermark\":" + RECORDS + "}");
            }
        }
    }

    @Test
    void theHeadOfALargePageTellsItsLength() {
        Answer page = broker.calls().get(LARGE_PAGE);
        Answer head = broker.calls().send("HEAD", LARGE_PAGE, null);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("content-length")).isEqualTo(Integer.toString(page.body().length));
    }
}

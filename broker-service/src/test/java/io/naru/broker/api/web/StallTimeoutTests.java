package io.naru.broker.api.web;

import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.naru.broker.testing.Batches.Entry;
import io.naru.broker.testing.EventReader;
import io.naru.broker.testing.RawConnection;
import io.naru.broker.testing.SteeredPartition;
import io.naru.broker.testing.TestBroker;
import io.naru.commitlog.batch.Codec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class StallTimeoutTests {
    private static final long TIMEOUT_MS = 1500;
    private static final int RECORDS = 1500;
    private static final String STREAM = "/v1/topics/orders/stream?from=earliest";
    private static final String PAGE = "/v1/topics/orders/records?limit=10000&max_bytes=16777216";

    private TestBroker broker;
    private SteeredPartition partition;

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                "http.stall-timeout=" + TIMEOUT_MS + "ms", "http.max-answers-bytes=256MB", "streams.heartbeat=200ms");
        broker.cluster().create("orders", 1);
        partition = broker.partitions().partition("orders", 0);
        var ten = Collections.nCopies(10, Entry.of("k", "x".repeat(16 * 1024)));
        for (int i = 0; i < RECORDS; i += 10) {
            append(partition, Codec.NONE, ten);
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private double stalled() {
        return broker.bean(MeterRegistry.class)
                .get("connections.stalled")
                .counter()
                .count();
    }

    private boolean holdsNothing() {
        return broker.openStreams() == 0
                && partition.listenerCount() == 0
                && broker.bufferedBytes() == 0
                && broker.bean(MemoryBudget.class).heldBytes() == 0;
    }

    @ParameterizedTest
    @CsvSource({
        STREAM + ", text/event-stream",
        STREAM + ", application/x-ndjson",
        PAGE + ", application/json",
        PAGE + ", application/x-ndjson",
        "/v1/topics/orders/partitions/0/records?max_bytes=16777216, application/vnd.naru.record-batch",
    })
    void endsWhatAClientDoesNotReadAndLetsGoOfAllItHeld(String path, String type) throws IOException {
        List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(new RawConnection(broker.port(), 8 * 1024).get(path, "Accept: " + type));
            }
            await().until(() -> broker.bufferedBytes() > 0);

            await().until(() -> stalled() == 3);
            await().until(this::holdsNothing);
        } finally {
            for (RawConnection client : clients) {
                client.close();
            }
        }
        assertThat(broker.calls().get("/v1/topics/orders").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({STREAM + ", text/event-stream", PAGE + ", application/json"})
    void letsASlowReaderTakeItsTime(String path, String type) throws IOException {
        long begun = System.nanoTime();
        long bytes = 0;
        try (RawConnection client =
                new RawConnection(broker.port(), 8 * 1024).get(path, "Accept: " + type, "Connection: close")) {
            long most = 14L << 20;
            while (bytes < most) {
                int read = client.readBytes(64 * 1024).length;
                assertThat(read).isPositive();
                bytes += read;
                // A reader as slow as this needs several times the time-out for all of it.
                LockSupport.parkNanos(3 * TIMEOUT_MS * 1_000_000 * 64 * 1024 / most);
            }
        }
        assertThat(System.nanoTime() - begun).isGreaterThan(TIMEOUT_MS * 2_000_000);
        assertThat(stalled()).isZero();
        await().until(this::holdsNothing);
    }

    @Test
    void letsAStreamGoOnThatHasNothingToSay() {
        try (EventReader events = broker.calls().stream("/v1/topics/orders/stream")) {
            long end = System.nanoTime() + 2 * TIMEOUT_MS * 1_000_000;
            while (System.nanoTime() < end) {
                assertThat(events.next()).isNotNull();
            }
        }
        assertThat(stalled()).isZero();
    }
}

package io.naru.broker.api.v1.stream;

import static io.naru.broker.testing.Batches.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.testing.RawConnection;
import io.naru.broker.testing.SteeredPartition;
import io.naru.broker.testing.TestBroker;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SlowReaderTests {
    private static final int CHUNK = 64 * 1024;
    private static final int RECORDS = 2000;
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+),");

    private TestBroker broker;
    private SteeredPartition partition;

    @BeforeEach
    void start() {
        broker = TestBroker.start("streams.heartbeat=500ms");
        broker.cluster().create("orders", 1);
        partition = broker.partitions().partition("orders", 0);
        String large = "x".repeat(32 * 1024);
        for (int i = 0; i < RECORDS; i++) {
            append(partition, large);
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    /** A client that has asked for the stream and takes nothing of it. */
    private RawConnection client() throws IOException {
        return new RawConnection(broker.port(), 8 * 1024)
                .get("/v1/topics/orders/stream?from=earliest", "Connection: close");
    }

    private void awaitPause() {
        await().until(() -> partition.readCount() > 0);
        await().atMost(Duration.ofSeconds(30))
                .during(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .until(new Unchanged());
    }

    private final class Unchanged implements java.util.concurrent.Callable<Boolean> {
        private long before = -1;

        @Override
        public Boolean call() {
            long now = partition.readCount();
            boolean same = now == before;
            before = now;
            return same;
        }
    }

    @Test
    void holdsOneChunkForAClientThatDoesNotReadAndSendsAllOnceItDoes() throws IOException {
        try (RawConnection client = client()) {
            awaitPause();

            // One record more than a chunk, and what the codec adds. The rest of what was read is the system's.
            assertThat(broker.bufferedBytes()).isLessThan(2 * CHUNK);
            assertThat(partition.readCount()).isLessThan(Epoll.isAvailable() ? RECORDS / 40 : RECORDS / 2);

            long expected = 0;
            while (expected < RECORDS) {
                Matcher offset = OFFSET.matcher(client.readLine());
                while (offset.find()) {
                    assertThat(Long.parseLong(offset.group(1))).isEqualTo(expected++);
                }
            }
        }
        await().until(() -> broker.openStreams() == 0 && broker.bufferedBytes() == 0);
    }

    @Test
    void letsGoOfAClientThatGoesAwayWithoutReading() throws IOException {
        try (RawConnection _ = client()) {
            awaitPause();
        }
        await().until(() -> broker.openStreams() == 0 && broker.bufferedBytes() == 0 && partition.listenerCount() == 0);
    }
}

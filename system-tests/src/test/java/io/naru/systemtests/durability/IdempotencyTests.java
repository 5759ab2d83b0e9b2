package io.naru.systemtests.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.systemtests.history.Seen;
import io.naru.systemtests.http.Api;
import io.naru.systemtests.process.RunningNaru;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send each request until it is answered, with an Idempotency-Key, while the server is killed under them. */
class IdempotencyTests {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 6);
    private static final int CLIENTS = 4;
    private static final int PARTITIONS = 3;
    private static final int AT_LEAST_A_ROUND = 40;

    @TempDir
    private Path temporary;

    @Test
    void everyRequestIsStoredOnceThoughTheServerIsKilledUnderIt() throws Exception {
        Random random = new Random();
        Uptime uptime = new Uptime();
        AtomicInteger answered = new AtomicInteger();
        try (RunningNaru naru = RunningNaru.start(temporary.resolve("data"), "--set", "log.segment.bytes=65536");
                Api api = new Api(naru.url());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            api.createTopic("ledger", PARTITIONS);
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                clients.add(threads.submit(() -> write(api, client, uptime, answered)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                int goal = answered.get() + AT_LEAST_A_ROUND + random.nextInt(AT_LEAST_A_ROUND);
                await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() >= goal);
                uptime.end();
                naru.kill();
                naru.startAgain();
                uptime.begin();
            }
            int goal = answered.get() + AT_LEAST_A_ROUND;
            await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() >= goal);
            uptime.finish();

            List<String> expected = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int requests = clients.get(client).get();
                for (int request = 0; request < requests; request++) {
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        expected.add(value(client, request, partition));
                    }
                }
            }
            assertThat(expected).hasSizeGreaterThan(ROUNDS * AT_LEAST_A_ROUND * PARTITIONS);
            assertThat(api.readAll("ledger", PARTITIONS).stream().map(Seen::value))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /** Answers how many requests were stored. */
    private static int write(Api api, int client, Uptime uptime, AtomicInteger answered) throws InterruptedException {
        int request = 0;
        // What was begun is finished: a request that nobody repeats any more may be stored or not.
        while (!uptime.isOver()) {
            while (!isStored(api, client, request)) {
                uptime.awaitNextAttempt();
            }
            request++;
            answered.incrementAndGet();
        }
        return request;
    }

    private static boolean isStored(Api api, int client, int request) throws InterruptedException {
        StringBuilder records = new StringBuilder();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            records.append(partition == 0 ? "" : ",")
                    .append("{\"partition\":%d,\"value\":\"%s\"}"
                            .formatted(partition, value(client, request, partition)));
        }
        try {
            Api.Answer answer = api.postOnce(
                    "/v1/topics/ledger/records", client + "-" + request, "{\"records\":[" + records + "]}");
            return answer.status() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private static String value(int client, int request, int partition) {
        return client + "-" + request + "-" + partition;
    }
}

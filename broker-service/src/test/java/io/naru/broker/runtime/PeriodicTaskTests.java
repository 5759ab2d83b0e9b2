package io.naru.broker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeriodicTaskTests {
    private final ThreadTimers timers = new ThreadTimers();
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        timers.close();
    }

    @Test
    void worksAgainAndAgainWhateverComesOfIt() {
        try (var task = new PeriodicTask("test", Duration.ofMillis(1), timers, () -> {
            if (runs.incrementAndGet() % 2 == 0) {
                throw new IOException("on purpose");
            }
            throw new IllegalStateException("on purpose");
        })) {
            task.start();
            await().until(() -> runs.get() > 5);
        }
    }

    @Test
    void closingWaitsForTheWorkThatIsBeingDoneAndLetsNoneFollow() throws InterruptedException {
        var release = new CountDownLatch(1);
        var task = new PeriodicTask("test", Duration.ofMillis(1), timers, () -> {
            runs.incrementAndGet();
            release.await();
        });
        task.start();
        await().until(() -> runs.get() == 1);
        Thread closing = Thread.ofVirtual().start(task::close);
        await().until(() -> closing.getState() == Thread.State.WAITING);
        release.countDown();
        closing.join();
        task.start();
        task.close();
        assertThat(runs).hasValue(1);
    }
}

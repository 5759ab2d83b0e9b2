package io.naru.commitlog.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IoThrottleTests {
    @Test
    void letsNoMoreThroughThanItMay() {
        IoThrottle throttle = new IoThrottle(1_000_000);
        long began = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            throttle.take(20_000, () -> false);
        }
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void waitsForNobodyWhoIsToEnd() {
        new IoThrottle(1).take(1L << 40, () -> true);
    }

    @Test
    void withoutALimitItNeverWaits() {
        new IoThrottle(IoThrottle.UNLIMITED).take(Long.MAX_VALUE, () -> {
            throw new AssertionError("It asks only while it waits");
        });
    }
}

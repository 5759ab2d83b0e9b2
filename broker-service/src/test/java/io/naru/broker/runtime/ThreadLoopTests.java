package io.naru.broker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadLoopTests {
    @Test
    void tasksOfOneThreadRunInOrderAndAloneWhileManyPost() throws InterruptedException {
        int posters = 4;
        int each = 10_000;
        var lists = IntStream.range(0, posters)
                .mapToObj(_ -> new ArrayList<Integer>())
                .toList();
        var inside = new AtomicInteger();
        var done = new CountDownLatch(posters * each);
        try (var loop = new ThreadLoop("test-loop")) {
            for (int p = 0; p < posters; p++) {
                int poster = p;
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = i;
                        loop.execute(() -> {
                            assertThat(inside.incrementAndGet()).isOne();
                            lists.get(poster).add(number);
                            inside.decrementAndGet();
                            done.countDown();
                        });
                    }
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
        var inOrder = IntStream.range(0, each).boxed().toList();
        assertThat(lists).allSatisfy(list -> assertThat(list).isEqualTo(inOrder));
    }

    @Test
    void aSleepingLoopWakesForEveryTask() throws InterruptedException {
        try (var loop = new ThreadLoop("test-loop")) {
            for (int i = 0; i < 2_000; i++) {
                var ran = new CountDownLatch(1);
                loop.execute(ran::countDown);
                assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void aTaskThatThrowsDoesNotEndTheLoop() throws InterruptedException {
        try (var loop = new ThreadLoop("test-loop")) {
            loop.execute(() -> {
                throw new IllegalStateException("on purpose");
            });
            var ran = new CountDownLatch(1);
            loop.execute(ran::countDown);
            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void everyTaskAcceptedBeforeTheCloseRunsAndLaterOnesAreRefused() {
        var ran = new AtomicInteger();
        var loop = new ThreadLoop("test-loop");
        for (int i = 0; i < 1_000; i++) {
            loop.execute(ran::incrementAndGet);
        }
        loop.close();
        assertThat(ran).hasValue(1_000);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> loop.execute(() -> {}));
    }
}

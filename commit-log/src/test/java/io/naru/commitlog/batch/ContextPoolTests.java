package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContextPoolTests {
    private final AtomicInteger made = new AtomicInteger();
    private final List<Integer> released = new ArrayList<>();
    private final ContextPool<Integer> pool = new ContextPool<>(made::incrementAndGet, released::add);

    @Test
    void aContextIsUsedAgain() {
        int context = pool.take();
        pool.give(context);
        assertThat(pool.take()).isEqualTo(context);
        assertThat(made).hasValue(1);
        assertThat(released).isEmpty();
    }

    @Test
    void whatFindsNoPlaceIsReleased() {
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            taken.add(pool.take());
        }
        taken.forEach(pool::give);
        int kept = Math.max(2, Runtime.getRuntime().availableProcessors());
        assertThat(released).hasSize(100 - kept).doesNotHaveDuplicates();
    }

    @Test
    void whatNobodyElseShallHaveIsReleased() {
        int context = pool.take();
        pool.release(context);
        assertThat(released).containsExactly(context);
        assertThat(pool.take()).isNotEqualTo(context);
    }
}

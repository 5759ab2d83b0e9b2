package io.naru.benchmarks.log;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.function.ToLongFunction;

/** Heap in use, as the JVM's own pools have it: garbage that nobody has collected yet counts as in use. */
final class HeapPeak {
    private HeapPeak() {}

    static long used() {
        return sum(pool -> pool.getUsage().getUsed());
    }

    /** Forgets earlier peaks. */
    static void reset() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** Most that was in use in each pool since, at whatever time. */
    static long peak() {
        return sum(pool -> pool.getPeakUsage().getUsed());
    }

    private static long sum(ToLongFunction<MemoryPoolMXBean> value) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(value)
                .sum();
    }
}

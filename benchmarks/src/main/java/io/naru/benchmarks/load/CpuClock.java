package io.naru.benchmarks.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How busy a thread was: its processor time over the time that passed. Started and read by the thread itself. */
final class CpuClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long cpuAtStart = THREADS.getCurrentThreadCpuTime();
    private final long nanosAtStart = System.nanoTime();

    /** Share of one core since this clock was made. */
    double busy() {
        long elapsed = System.nanoTime() - nanosAtStart;
        return (THREADS.getCurrentThreadCpuTime() - cpuAtStart) / (double) Math.max(1, elapsed);
    }
}

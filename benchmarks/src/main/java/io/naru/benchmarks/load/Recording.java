package io.naru.benchmarks.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The times of one run and what was measured in it. The times never change and may be read by any thread; recording
 * and the result are for one thread, or for many under one lock.
 */
final class Recording {
    private final long start = System.nanoTime();
    private final long measuredFrom;
    private final long end;
    private final Histogram latencies = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final CpuClock cpu = new CpuClock();
    private long completed;

    /** Starts now, on the thread that will call {@link #result}. */
    Recording(Window window) {
        this.measuredFrom = start + window.warmUp().toNanos();
        this.end = measuredFrom + window.measured().toNanos();
    }

    /** {@link System#nanoTime} after which nothing is sent. */
    long end() {
        return end;
    }

    /** When a request is due. */
    long dueAt(Arrivals.Paced arrivals, long number) {
        return start + arrivals.dueNanos(number);
    }

    /** Counts answers that came at {@code now} to what was meant to be sent at {@code intended}. */
    void record(long intended, long now, int answers) {
        if (now >= measuredFrom && now < end) {
            completed += answers;
        }
        if (intended >= measuredFrom && intended < end) {
            latencies.recordValueWithCount(Math.max(0, now - intended), answers);
        }
    }

    LoadResult result() {
        return new LoadResult(completed / ((end - measuredFrom) / 1e9), Percentiles.of(latencies), cpu.busy());
    }
}

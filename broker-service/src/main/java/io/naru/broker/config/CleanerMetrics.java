package io.naru.broker.config;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.naru.broker.partition.LogCleaner;
import java.util.function.ToDoubleFunction;

/** What operators watch of compaction, under the names they know. */
final class CleanerMetrics implements MeterBinder {
    private final LogCleaner cleaner;

    CleanerMetrics(LogCleaner cleaner) {
        this.cleaner = cleaner;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "log_cleaner_max_dirty_percent",
                "Largest share of a log that could be compacted and was not",
                LogCleaner::maxDirtyPercent);
        gauge(
                registry,
                "log_cleaner_time_since_last_run_ms",
                "Time since a log to compact was looked for",
                LogCleaner::millisSinceLastRun);
        gauge(
                registry,
                "log_cleaner_uncleanable_partitions_count",
                "Partitions whose log cannot be compacted",
                c -> c.uncleanable().size());
        FunctionCounter.builder("log_cleaner_bytes_cleaned_total", cleaner, LogCleaner::bytesCleaned)
                .description("Bytes of segments that were written anew")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String help, ToDoubleFunction<LogCleaner> value) {
        Gauge.builder(name, cleaner, value).description(help).register(registry);
    }
}

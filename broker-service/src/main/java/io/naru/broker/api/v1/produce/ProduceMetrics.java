package io.naru.broker.api.v1.produce;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What is measured of writing, under the stems that Kafka's operators know. Thread-safe. */
public final class ProduceMetrics {
    /** More topics than this are counted together: each name is a series of its own in every scrape. */
    private static final int MOST_TOPICS = 10_000;

    private static final String THE_REST = "…";

    private final MeterRegistry registry;
    private final Timer requests;
    private final Map<String, TopicMeters> topics = new ConcurrentHashMap<>();

    /** Registers the meters: {@code bytesin_total}, {@code messagesin_total} and {@code request_time_seconds}. */
    public ProduceMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.requests = Timer.builder("request_time")
                .tag("request", "produce")
                .description("From a request's whole body (of a stream: from each group of lines) to its outcome")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
    }

    /** Counts what settled batches have stored, and how long that took. */
    void settled(String topic, List<Batch> batches, long startNanos) {
        requests.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
        double records = 0;
        double bytes = 0;
        for (Batch batch : batches) {
            if (batch.outcome() instanceof Batch.Outcome.Stored) {
                records += batch.count();
                bytes += batch.sizeInBytes();
            }
        }
        if (records > 0) {
            TopicMeters meters = of(topic);
            meters.messages.increment(records);
            meters.bytes.increment(bytes);
        }
    }

    private TopicMeters of(String topic) {
        TopicMeters known = topics.get(topic);
        if (known != null) {
            return known;
        }
        return topics.computeIfAbsent(topics.size() < MOST_TOPICS ? topic : THE_REST, TopicMeters::new);
    }

    private final class TopicMeters {
        private final Counter messages;
        private final Counter bytes;

        private TopicMeters(String topic) {
            messages = Counter.builder("messagesin")
                    .tag("topic", topic)
                    .description("Records stored")
                    .register(registry);
            bytes = Counter.builder("bytesin")
                    .tag("topic", topic)
                    .description("Bytes of record batches stored")
                    .register(registry);
        }
    }
}

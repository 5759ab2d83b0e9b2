package io.naru.broker.api.v1.read;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.naru.broker.api.v1.ImageWatch;
import io.naru.broker.api.v1.RequestTime;
import io.naru.broker.api.v1.TopicTraffic;
import io.naru.broker.metadata.ClusterView;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is measured of reading, under the stems that Kafka's operators know. Thread-safe. */
public final class ReadMetrics {
    private static final TopicTraffic.Direction OUT = new TopicTraffic.Direction(
            "out",
            "Records sent to readers as JSON; batches sent whole are counted in bytes only",
            "Bytes of records sent to readers, as they were sent");

    private final MeterRegistry registry;
    private final TopicTraffic traffic;
    private final Timer requests;

    /** Registers the meters: {@code bytesout_total}, {@code messagesout_total} and {@code request_time_seconds}. */
    public ReadMetrics(MeterRegistry registry, ClusterView cluster, ImageWatch images) {
        this.registry = registry;
        this.traffic = new TopicTraffic(registry, cluster, images, OUT);
        this.requests = RequestTime.timer(
                registry,
                "read",
                "From a reading call to the first byte of its answer, less what it waited for records; streams are not"
                        + " among them");
    }

    /** Records and bytes of an answer, or of a part of it. */
    public void sent(String topic, int records, int bytes) {
        traffic.count(topic, records, bytes);
    }

    /** An answer is about to be sent, so long after it was asked for. */
    void made(long nanos) {
        requests.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Shows how much memory answers hold. */
    void gaugeHeldBytes(Supplier<Number> bytes) {
        Gauge.builder("answers.held.bytes", bytes)
                .description("Memory of the answers to reading calls that are being made or sent")
                .register(registry);
    }

    /** Shows how many streams are open. */
    public void gaugeOpenStreams(Supplier<Number> count) {
        Gauge.builder("streams.open", count)
                .description("Streams that are open now")
                .register(registry);
    }
}

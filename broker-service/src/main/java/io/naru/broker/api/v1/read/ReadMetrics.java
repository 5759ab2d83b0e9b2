package io.naru.broker.api.v1.read;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** Counts what readers are given. Thread-safe. */
public final class ReadMetrics {
    private final MeterRegistry registry;
    private final Counter bytes;
    private final Counter messages;

    public ReadMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.bytes = Counter.builder("bytesout")
                .description("Bytes of records sent to readers, as they were sent")
                .register(registry);
        this.messages = Counter.builder("messagesout")
                .description("Records sent to readers as JSON; batches sent whole are counted in bytes only")
                .register(registry);
    }

    /** Bytes of an answer, or of a part of it. */
    public void sent(int byteCount) {
        bytes.increment(byteCount);
    }

    /** Records of an answer, or of a part of it. */
    public void read(int recordCount) {
        messages.increment(recordCount);
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

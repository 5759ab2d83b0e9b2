package io.naru.commitlog.producer;

import io.naru.commitlog.batch.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The producers a log knows, the longest silent first. One thread at a time. */
final class Producers {
    /**
     * How long a producer may be silent and yet retry, generously: Kafka's clients give a batch up after two minutes.
     * Only one that has been silent for longer gives its place to a new one, since forgetting a producer that still
     * retries would store a record twice, and turning a new one away for the sake of those long gone would help nobody.
     */
    static final long LONGEST_RETRY_MILLIS = 600_000;

    private static final float LOAD_FACTOR = 0.75f;
    private static final int FIRST_CAPACITY = 16;

    private final ProducerLimits limits;
    /** In the order of last activity. */
    private final Map<Long, Producer> byId = new LinkedHashMap<>(FIRST_CAPACITY, LOAD_FACTOR, true);

    Producers(ProducerLimits limits) {
        this.limits = limits;
    }

    int count() {
        return byId.size();
    }

    Verdict check(RecordBatch batch, long nowMillis) {
        Producer known = byId.get(batch.producerId());
        if (known != null) {
            known.active(nowMillis);
            return known.check(batch);
        }
        // Whoever was forgotten goes on where it is: Kafka's KIP-360.
        Producer oldest = oldest();
        return oldest == null
                        || byId.size() < limits.maxProducers()
                        || nowMillis - oldest.lastActiveMillis() > LONGEST_RETRY_MILLIS
                ? Verdict.APPEND
                : new Verdict.TooManyProducers(limits.maxProducers());
    }

    LongStream baseOffsets() {
        return byId.values().stream().flatMapToLong(Producer::baseOffsets);
    }

    void appended(RecordBatch batch, long nowMillis) {
        if (batch.baseSequence() < 0) {
            return;
        }
        Producer producer = byId.computeIfAbsent(batch.producerId(), id -> new Producer(id, batch.producerEpoch()));
        producer.appended(batch, nowMillis);
        forgetBeyondLimit();
    }

    /** As {@link Producer#seen}, for all. */
    void seen(long nowMillis) {
        byId.values().forEach(producer -> producer.seen(nowMillis));
    }

    void expire(long nowMillis) {
        Producer oldest = oldest();
        while (oldest != null && nowMillis - oldest.lastActiveMillis() > limits.producerExpirationMillis()) {
            byId.remove(oldest.id());
            oldest = oldest();
        }
    }

    int sizeInBytes() {
        int size = 0;
        for (Producer producer : byId.values()) {
            size += producer.sizeInBytes();
        }
        return size;
    }

    void writeTo(ByteBuffer to) {
        byId.values().forEach(producer -> producer.writeTo(to));
    }

    void readFrom(ByteBuffer from, int count) {
        for (int i = 0; i < count; i++) {
            Producer producer = Producer.readFrom(from);
            byId.put(producer.id(), producer);
        }
        forgetBeyondLimit();
    }

    private void forgetBeyondLimit() {
        while (byId.size() > limits.maxProducers()) {
            Producer oldest = oldest();
            if (oldest != null) {
                byId.remove(oldest.id());
            }
        }
    }

    private @Nullable Producer oldest() {
        Iterator<Producer> all = byId.values().iterator();
        return all.hasNext() ? all.next() : null;
    }
}

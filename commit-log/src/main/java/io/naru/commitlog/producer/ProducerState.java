package io.naru.commitlog.producer;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.ReservedIdentity;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;

/**
 * Who wrote a log's latest batches, as far as they said: the producers, of whom each numbers its records, and the
 * {@linkplain ReservedIdentity reserved identities}, of which each stands for one batch. Used by one thread at a time, the
 * log's owner. All of it can be read from the log's batches again, except when they were appended; what was read so is
 * taken for as old as the first look that knows the time.
 */
public final class ProducerState {
    /** Stands for a time that nobody knows. */
    static final long UNKNOWN = -1;

    private final Producers producers;
    private final Keys keys;
    private boolean hasUnseen;

    /** Nobody has written anything. */
    public ProducerState(ProducerLimits limits) {
        this.producers = new Producers(limits);
        this.keys = new Keys(limits);
    }

    /** Producers remembered. */
    public int producerCount() {
        return producers.count();
    }

    /** Batches with a reserved identity remembered. */
    public int keyCount() {
        return keys.count();
    }

    /**
     * What is to become of a batch that asks to be appended; allocates nothing for one that names no producer.
     *
     * @param nowMillis the owner's clock
     */
    public Verdict check(RecordBatch batch, long nowMillis) {
        long id = batch.producerId();
        if (id == RecordBatch.NONE) {
            return Verdict.APPEND;
        }
        expire(nowMillis);
        return ReservedIdentity.isReserved(id) ? keys.check(batch) : producers.check(batch, nowMillis);
    }

    /** The base offsets of all batches that are remembered, in any order. */
    public LongStream baseOffsets() {
        return LongStream.concat(producers.baseOffsets(), keys.baseOffsets());
    }

    /** Takes note of a batch that was appended, at a time on the owner's clock. */
    public void appended(RecordBatch batch, long nowMillis) {
        long id = batch.producerId();
        if (id == RecordBatch.NONE) {
            return;
        }
        if (ReservedIdentity.isReserved(id)) {
            keys.appended(batch, nowMillis);
        } else {
            producers.appended(batch, nowMillis);
        }
    }

    /** Takes note of a batch that is found in the log; when it was appended nobody knows. */
    public void found(RecordBatch batch) {
        hasUnseen = true;
        appended(batch, UNKNOWN);
    }

    /** Forgets whom nobody needs to know any more. */
    public void expire(long nowMillis) {
        if (hasUnseen) {
            producers.seen(nowMillis);
            keys.seen(nowMillis);
            hasUnseen = false;
        }
        producers.expire(nowMillis);
        keys.expire(nowMillis);
    }

    /** What {@link #writeProducersTo} writes, in bytes. */
    public int producerBytes() {
        return producers.sizeInBytes();
    }

    /** What {@link #writeKeysTo} writes, in bytes. */
    public int keyBytes() {
        return keys.sizeInBytes();
    }

    /** Writes all producers, the longest silent first: see {@link Producer}. */
    public void writeProducersTo(ByteBuffer to) {
        producers.writeTo(to);
    }

    /** Writes all reserved identities, the oldest first: see {@link Keys}. */
    public void writeKeysTo(ByteBuffer to) {
        keys.writeTo(to);
    }

    /**
     * Reads what {@link #writeProducersTo} wrote.
     *
     * @throws RuntimeException if the bytes are anything else
     */
    public void readProducersFrom(ByteBuffer from, int count) {
        hasUnseen = true;
        producers.readFrom(from, count);
    }

    /**
     * Reads what {@link #writeKeysTo} wrote.
     *
     * @throws RuntimeException if the bytes are anything else
     */
    public void readKeysFrom(ByteBuffer from, int count) {
        hasUnseen = true;
        keys.readFrom(from, count);
    }
}

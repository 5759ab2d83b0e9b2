package io.naru.broker.testing;

import io.naru.broker.partition.Acks;
import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Subscription;
import io.naru.broker.partition.TopicSettings;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.damage.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A real partition to which a test can do what time and failures do to one: let appends fail or wait, records be
 * deleted from the start, the high watermark lag behind, reading end. Thread-safe.
 */
public final class SteeredPartition implements Partition {
    private final Partition real;
    private final SteerablePartitions broker;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong reads = new AtomicLong();
    private volatile long logStart;
    private volatile long readableEnd = Long.MAX_VALUE;
    private volatile @Nullable NaruException unreadable;

    SteeredPartition(Partition real, SteerablePartitions broker) {
        this.real = real;
        this.broker = broker;
    }

    /** Makes everything below an offset unreadable, as retention does. */
    public void moveLogStart(long offset) {
        logStart = offset;
    }

    /** What is appended from now on stays above the high watermark. */
    public void holdHighWatermark() {
        readableEnd = real.highWatermark();
    }

    /** Lets the high watermark advance again, and tells whoever listens. */
    public void releaseHighWatermark() {
        readableEnd = Long.MAX_VALUE;
        listeners.forEach(Runnable::run);
    }

    /** Lets every read fail from now on, and tells whoever listens that something happened. */
    public void endReading(NaruException reason) {
        unreadable = reason;
        listeners.forEach(Runnable::run);
    }

    /** How many want to be told of advances. */
    public int listenerCount() {
        return listeners.size();
    }

    /** How often the log was read. */
    public long readCount() {
        return reads.get();
    }

    @Override
    public CompletionStage<Appended> append(ByteBuffer batch, Acks acks) {
        ErrorCode failure = broker.failureOfAppend(this);
        return failure != null
                ? CompletableFuture.failedFuture(new NaruException(failure, "failed by the test"))
                : broker.holdBack(real.append(batch, acks));
    }

    @Override
    public LogSlice read(long offset, int maxBytes) throws IOException {
        reads.incrementAndGet();
        NaruException reason = unreadable;
        if (reason != null) {
            throw reason;
        }
        if (offset < logStart) {
            throw new NaruException(
                    ErrorCode.OFFSET_BELOW_LOG_START,
                    "Offset " + offset + " is gone.",
                    Map.of("log_start_offset", logStart, "high_watermark", highWatermark()));
        }
        if (offset >= readableEnd && offset <= real.logEndOffset()) {
            return LogSlice.EMPTY;
        }
        // A slice cannot be cut; batch by batch it ends where the high watermark is held.
        return real.read(offset, readableEnd == Long.MAX_VALUE ? maxBytes : 1);
    }

    @Override
    public OptionalLong offsetAt(long timestamp) throws IOException {
        return real.offsetAt(timestamp);
    }

    @Override
    public CompletionStage<Long> deleteBefore(long offset) {
        return real.deleteBefore(offset);
    }

    @Override
    public Subscription onAdvance(Runnable listener) {
        Runnable entry = () -> listener.run();
        listeners.add(entry);
        Subscription subscription = real.onAdvance(entry);
        return () -> {
            subscription.close();
            listeners.remove(entry);
        };
    }

    @Override
    public List<Damage> damages() {
        return real.damages();
    }

    @Override
    public String topic() {
        return real.topic();
    }

    @Override
    public TopicId topicId() {
        return real.topicId();
    }

    @Override
    public int number() {
        return real.number();
    }

    @Override
    public TopicSettings settings() {
        return real.settings();
    }

    @Override
    public long logStartOffset() {
        return Math.max(logStart, real.logStartOffset());
    }

    @Override
    public long logEndOffset() {
        return real.logEndOffset();
    }

    @Override
    public long highWatermark() {
        return Math.min(readableEnd, real.highWatermark());
    }

    @Override
    public long sizeInBytes() {
        return real.sizeInBytes();
    }

    @Override
    public int segmentCount() {
        return real.segmentCount();
    }
}

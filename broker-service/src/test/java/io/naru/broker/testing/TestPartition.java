package io.naru.broker.testing;

import io.naru.broker.partition.Acks;
import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Subscription;
import io.naru.broker.partition.TopicSettings;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogAppend;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.OffsetOutOfRangeException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * A partition over a real log in memory. Appends are acknowledged at once, on the caller's thread, unless {@link
 * #holdAcknowledgements} was called; what a real partition meets in time (deletion by retention, the loss of its
 * leadership) is brought about by calling a method.
 */
public final class TestPartition implements Partition {
    private final String topic;
    private final TopicId topicId;
    private final int number;
    private final TopicSettings settings;
    private final CommitLog log;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong reads = new AtomicLong();
    private volatile long highWatermark;
    private volatile long logStart;
    private volatile boolean holding;
    private volatile @Nullable NaruException failure;

    TestPartition(String topic, TopicId topicId, int number, TopicSettings settings, CommitLog log) {
        this.topic = topic;
        this.topicId = topicId;
        this.number = number;
        this.settings = settings;
        this.log = log;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public TopicId topicId() {
        return topicId;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public TopicSettings settings() {
        return settings;
    }

    @Override
    public long logStartOffset() {
        return logStart;
    }

    @Override
    public long logEndOffset() {
        return log.logEndOffset();
    }

    @Override
    public long highWatermark() {
        return highWatermark;
    }

    @Override
    public long sizeInBytes() {
        return log.sizeInBytes();
    }

    @Override
    public int segmentCount() {
        return log.segmentCount();
    }

    @Override
    public synchronized CompletionStage<Appended> append(ByteBuffer batch, Acks acks) {
        NaruException broken = failure;
        if (broken != null) {
            return CompletableFuture.failedFuture(broken);
        }
        try {
            LogAppend written = log.append(batch, 0, System.currentTimeMillis());
            if (!holding) {
                acknowledge();
            }
            return CompletableFuture.completedFuture(new Appended(written.baseOffset(), written.lastOffset(), -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public LogSlice read(long offset, int maxBytes) throws IOException {
        reads.incrementAndGet();
        NaruException broken = failure;
        if (broken != null) {
            throw broken;
        }
        long limit = highWatermark;
        if (offset < logStart) {
            throw outOfRange(ErrorCode.OFFSET_BELOW_LOG_START, offset);
        }
        try {
            return log.read(offset, maxBytes, limit);
        } catch (OffsetOutOfRangeException e) {
            throw outOfRange(ErrorCode.OFFSET_ABOVE_LOG_END, offset);
        }
    }

    private NaruException outOfRange(ErrorCode code, long offset) {
        return new NaruException(
                code,
                "Offset " + offset + " is out of range.",
                Map.of("log_start_offset", logStart, "high_watermark", highWatermark));
    }

    @Override
    public OptionalLong offsetAt(long timestamp) throws IOException {
        return log.offsetForTime(timestamp).stream()
                .mapToLong(found -> found.offset())
                .filter(offset -> offset < highWatermark)
                .findFirst();
    }

    @Override
    public Subscription onAdvance(Runnable listener) {
        Runnable entry = () -> listener.run();
        listeners.add(entry);
        return () -> listeners.remove(entry);
    }

    /** From now on appends stay above the high watermark. */
    public void holdAcknowledgements() {
        holding = true;
    }

    /** Moves the high watermark to the log end and tells the listeners. */
    public void acknowledge() {
        holding = false;
        highWatermark = log.logEndOffset();
        listeners.forEach(Runnable::run);
    }

    /** Makes everything below an offset unreadable, as retention does. */
    public void moveLogStart(long offset) {
        logStart = offset;
    }

    /** Lets every read and append fail from now on, and tells the listeners that something happened. */
    public void fail(NaruException cause) {
        failure = cause;
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
}

package io.naru.broker.api.v1.stream;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import reactor.core.publisher.Operators;

/**
 * One stream as a publisher: makes a chunk only when its one subscriber has asked for it and the source has something
 * to say. It counts as open from its subscription on; beyond the most there may be, it says so and ends. Thread-safe.
 */
final class ChunkPublisher implements Publisher<DataBuffer> {
    private final ChunkSource source;
    private final DataBufferFactory buffers;
    private final Streams streams;
    private final AtomicBoolean subscribed = new AtomicBoolean();

    ChunkPublisher(ChunkSource source, DataBufferFactory buffers, Streams streams) {
        this.source = source;
        this.buffers = buffers;
        this.streams = streams;
    }

    @Override
    public void subscribe(Subscriber<? super DataBuffer> subscriber) {
        if (!subscribed.compareAndSet(false, true)) {
            Operators.error(
                    Operators.toCoreSubscriber(subscriber),
                    new NaruException(ErrorCode.INTERNAL, "A stream has one subscriber."));
            return;
        }
        var subscription = new ChunkSubscription(subscriber, source, buffers, streams);
        streams.enter(subscription);
        subscriber.onSubscribe(subscription);
    }
}

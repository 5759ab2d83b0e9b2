package io.naru.broker.api.web;

import io.naru.cluster.NaruException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One body on its way in. The memory grows with what has come, not with what was announced, so that an announcement
 * costs nothing. Used by one thread at a time.
 */
final class ArrivingBody extends BaseSubscriber<DataBuffer> {
    private static final int FIRST_CAPACITY = 64 << 10;

    private final RequestBodies bodies;
    private final RequestBodies.Share share;
    private final int limit;
    private final long declared;
    private @Nullable MonoSink<byte[]> sink;
    private byte[] bytes = new byte[0];
    private int size;

    /**
     * An empty body.
     *
     * @param declared its announced length, or -1
     * @param limit largest length that is taken
     */
    ArrivingBody(RequestBodies bodies, long declared, int limit) {
        this.bodies = bodies;
        this.share = bodies.share();
        this.declared = declared;
        this.limit = limit;
    }

    /** All of the body, in an array of just its length; to be called once. */
    Mono<byte[]> collect(Publisher<DataBuffer> chunks) {
        return Mono.create(whole -> {
            sink = whole;
            whole.onCancel(this);
            chunks.subscribe(this);
        });
    }

    /** Gives the memory back to the account. */
    void release() {
        share.release();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        requestUnbounded();
    }

    @Override
    protected void hookOnNext(DataBuffer chunk) {
        try {
            add(chunk);
        } catch (NaruException refusal) {
            cancel();
            sink().error(refusal);
        } finally {
            DataBufferUtils.release(chunk);
        }
    }

    @Override
    protected void hookOnComplete() {
        sink().success(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
    }

    @Override
    protected void hookOnError(Throwable failure) {
        sink().error(failure);
    }

    private MonoSink<byte[]> sink() {
        if (sink == null) {
            throw new IllegalStateException("collect comes first");
        }
        return sink;
    }

    private void add(DataBuffer chunk) {
        int length = chunk.readableByteCount();
        if (length > limit - size) {
            throw bodies.tooLarge();
        }
        makeRoom(length);
        chunk.read(bytes, size, length);
        size += length;
    }

    private void makeRoom(int more) {
        if (size + more <= bytes.length) {
            return;
        }
        long wanted = Math.max((long) size + more, bytes.length == 0 ? FIRST_CAPACITY : 2L * bytes.length);
        int capacity = (int) Math.min(wanted, declared >= size + more ? declared : limit);
        share.take(capacity - bytes.length);
        bytes = Arrays.copyOf(bytes, capacity);
    }
}

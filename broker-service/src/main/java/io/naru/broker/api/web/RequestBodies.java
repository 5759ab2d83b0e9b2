package io.naru.broker.api.web;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Reads bodies into memory, within bounds: of each body, of all together, and of the time one may take. Thread-safe.
 */
public final class RequestBodies {
    private final HttpLimits limits;
    private final AtomicLong held = new AtomicLong();

    public RequestBodies(HttpLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads the whole body and hands it to {@code use}; the array is the user's to change. Its bytes count as held until
     * what {@code use} gives has ended. Fails with {@code BODY_TOO_LARGE}, {@code BODY_TIMED_OUT} or {@code OVERLOADED}.
     */
    public <T> Mono<T> read(ServerHttpRequest request, Function<byte[], Mono<T>> use) {
        long declared = request.getHeaders().getContentLength();
        if (declared > limits.maxRequestBytes()) {
            return Mono.error(tooLarge());
        }
        return Mono.using(
                () -> new ArrivingBody(this, declared, limits.maxRequestBytes()),
                body -> body.collect(request.getBody())
                        .timeout(limits.bodyTimeout())
                        .onErrorMap(TimeoutException.class, _ -> timedOut())
                        .flatMap(use),
                ArrivingBody::release);
    }

    /** An account of the bytes that one request holds. */
    public Share share() {
        return new Share();
    }

    /** Bytes held now by all requests. */
    public long heldBytes() {
        return held.get();
    }

    /** What one request holds of the bytes that all may hold together. Thread-safe: a time-out releases from its own thread. */
    public final class Share {
        private long taken;
        private boolean released;

        private Share() {}

        /**
         * Takes more bytes. Once released it counts nothing: what still arrives then is dropped by the next to look.
         *
         * @throws NaruException {@code OVERLOADED} if all requests together would hold too many; none are taken then
         */
        public synchronized void take(long bytes) {
            if (released) {
                return;
            }
            if (held.addAndGet(bytes) > limits.maxBodiesBytes()) {
                held.addAndGet(-bytes);
                throw new NaruException(
                        ErrorCode.OVERLOADED,
                        "The requests under way fill the %d bytes of http.max-bodies-bytes. Send again in a moment."
                                .formatted(limits.maxBodiesBytes()));
            }
            taken += bytes;
        }

        /** Gives some of what was taken back. */
        public synchronized void giveBack(long bytes) {
            if (!released) {
                taken -= bytes;
                held.addAndGet(-bytes);
            }
        }

        /** Gives all back, for good; may be called again. */
        public synchronized void release() {
            released = true;
            held.addAndGet(-taken);
            taken = 0;
        }
    }

    NaruException tooLarge() {
        return new NaruException(
                ErrorCode.BODY_TOO_LARGE,
                "The body is larger than the %d bytes of http.max-request-bytes. Send it in several requests, or stream"
                                .formatted(limits.maxRequestBytes())
                        + " it as application/x-ndjson, which has no such bound.");
    }

    private NaruException timedOut() {
        return new NaruException(
                ErrorCode.BODY_TIMED_OUT,
                "The body did not arrive within http.body-timeout, %d ms. Nothing was stored."
                        .formatted(limits.bodyTimeout().toMillis()));
    }
}

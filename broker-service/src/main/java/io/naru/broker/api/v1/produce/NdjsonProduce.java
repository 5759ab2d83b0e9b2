package io.naru.broker.api.v1.produce;

import io.naru.broker.api.web.EventLoops;
import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.api.web.PacedResponse;
import io.naru.broker.api.web.RequestBodies;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Produces NDJSON streams: a record a line in, a receipt a line out, at the same time. Thread-safe. */
public final class NdjsonProduce {
    private final Partitions partitions;
    private final RequestBodies bodies;
    private final HttpLimits limits;
    private final Scheduler forLargeOnes;
    private final InstantSource clock;
    private final ProduceMetrics metrics;
    private final Set<NdjsonSession> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    public NdjsonProduce(
            Partitions partitions,
            RequestBodies bodies,
            HttpLimits limits,
            Scheduler forLargeOnes,
            InstantSource clock,
            ProduceMetrics metrics) {
        this.partitions = partitions;
        this.bodies = bodies;
        this.limits = limits;
        this.forLargeOnes = forLargeOnes;
        this.clock = clock;
        this.metrics = metrics;
    }

    Scheduler forLargeOnes() {
        return forLargeOnes;
    }

    ProduceMetrics metrics() {
        return metrics;
    }

    /**
     * Ends all streams, and takes no new ones: each is told of every line it has taken, then why it ends. Returns at
     * once.
     */
    public void shutdown() {
        stopped = true;
        open.forEach(session -> session.end(stopping()));
    }

    private static NaruException stopping() {
        return new NaruException(
                ErrorCode.SHUTTING_DOWN,
                "The broker is stopping. Lines that no receipt came for are not stored; send them again.");
    }

    /** Answers 200 at once and then for as long as the client sends. */
    Mono<Void> handle(ServerWebExchange exchange, String topic, ProduceSettings settings) {
        if (stopped) {
            throw stopping();
        }
        partitions.partitionCount(topic);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        HttpHeaders headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, "application/x-ndjson");
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        headers.set("X-Accel-Buffering", "no");
        DataBufferFactory buffers = response.bufferFactory();
        return PacedResponse.write(
                exchange, receipts(exchange.getRequest(), topic, settings).map(buffers::wrap));
    }

    private Flux<byte[]> receipts(ServerHttpRequest request, String topic, ProduceSettings settings) {
        return Flux.create(
                sink -> {
                    RequestBodies.Share share = bodies.share();
                    var session = new NdjsonSession(
                            this,
                            topic,
                            settings,
                            EventLoops.of(request),
                            new LineSplitter(limits.maxRequestBytes(), share),
                            new LineParser(partitions, topic, limits, clock),
                            sink);
                    open.add(session);
                    sink.onDispose(() -> {
                        open.remove(session);
                        session.dispose();
                        share.release();
                    });
                    sink.onRequest(_ -> session.onDemand());
                    request.getBody().subscribe(session);
                    if (stopped) {
                        session.end(stopping());
                    }
                },
                // Never needed: the session gives out only what is asked for.
                FluxSink.OverflowStrategy.BUFFER);
    }
}

package io.naru.broker.api.v1.produce;

import io.naru.broker.api.json.JsonBuffer;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.EventLoops;
import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.api.web.RequestBodies;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.NaruException;
import io.netty.util.concurrent.EventExecutor;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Produces bodies that are read as a whole: all of it is checked, then all of it is appended, then answered. Thread-safe.
 *
 * <p>A small body is parsed on the event loop that read it: that takes some microseconds, less than waking another
 * thread and being woken by it. A large one, and a large answer, would keep that loop's other connections waiting, and
 * go to a thread for such work.
 */
public final class WholeBodyProduce {
    /** Bodies up to this many bytes are parsed where they were read; at worst about 0.2 ms. */
    private static final int SMALL_BODY_BYTES = 64 << 10;

    /** Answers up to this many records are written on the event loop. */
    private static final int SMALL_ANSWER_RECORDS = 1000;

    private final Partitions partitions;
    private final RequestBodies bodies;
    private final HttpLimits limits;
    private final Scheduler forLargeOnes;
    private final InstantSource clock;
    private final ProduceMetrics metrics;
    private final BlockingCalls calls;

    /** What the caller is answered. */
    record Answer(int status, JsonBuffer body) {}

    public WholeBodyProduce(
            Partitions partitions,
            RequestBodies bodies,
            HttpLimits limits,
            Scheduler forLargeOnes,
            InstantSource clock,
            ProduceMetrics metrics,
            BlockingCalls calls) {
        this.partitions = partitions;
        this.bodies = bodies;
        this.limits = limits;
        this.forLargeOnes = forLargeOnes;
        this.clock = clock;
        this.metrics = metrics;
        this.calls = calls;
    }

    /** Stores the records of a JSON body. */
    Mono<Answer> json(ServerHttpRequest request, String topic, ProduceSettings settings) {
        return read(request, topic, settings, body -> {
            BatchAssembler records = newAssembler(topic, request);
            new JsonRecords(limits, records).read(body);
            return records;
        });
    }

    /** Stores the body as the value of one record. */
    Mono<Answer> oneValue(ServerHttpRequest request, String topic, ProduceSettings settings) {
        return read(request, topic, settings, body -> {
            BatchAssembler records = newAssembler(topic, request);
            NaruException refusal = records.add(RawValue.of(body, settings, request.getHeaders()));
            if (refusal != null) {
                throw refusal;
            }
            return records;
        });
    }

    /** Turns a body into batches. */
    private interface Parser {
        BatchAssembler parse(byte[] body);
    }

    private Mono<Answer> read(ServerHttpRequest request, String topic, ProduceSettings settings, Parser parser) {
        // Told before the body is read: a client that waits to be asked for it need not send it.
        partitions.partitionCount(topic);
        IdempotencyKey.of(request.getHeaders());
        EventExecutor eventLoop = EventLoops.of(request);
        return bodies.read(request, body -> {
            long start = System.nanoTime();
            Supplier<BatchAssembler> parse = () -> {
                BatchAssembler records = parser.parse(body);
                records.encode();
                return records;
            };
            return work(body.length <= SMALL_BODY_BYTES, parse)
                    .flatMap(records -> append(records, settings, eventLoop))
                    .flatMap(this::compared)
                    .doOnNext(records -> metrics.settled(topic, records.batches(), start))
                    .flatMap(records -> work(records.count() <= SMALL_ANSWER_RECORDS, () -> answerOf(records)));
        });
    }

    private BatchAssembler newAssembler(String topic, ServerHttpRequest request) {
        return new BatchAssembler(partitions, topic, clock.millis(), IdempotencyKey.of(request.getHeaders()));
    }

    /** What an earlier attempt has stored is read, to be told as it is; that takes a disk, and seldom happens. */
    private Mono<BatchAssembler> compared(BatchAssembler records) {
        if (!Originals.isNeeded(records.batches())) {
            return Mono.just(records);
        }
        return calls.run(() -> {
            Originals.compare(records.batches());
            return records;
        });
    }

    private <T> Mono<T> work(boolean isSmall, Supplier<T> work) {
        Mono<T> here = Mono.fromSupplier(work);
        return isSmall ? here : here.subscribeOn(forLargeOnes);
    }

    private static Mono<BatchAssembler> append(
            BatchAssembler records, ProduceSettings settings, EventExecutor eventLoop) {
        return Mono.create(sink -> Append.start(
                records.batches(), settings.acks(), settings.timeoutMillis(), eventLoop, () -> sink.success(records)));
    }

    private static Answer answerOf(BatchAssembler records) {
        if (Receipts.areAllStored(records.batches())) {
            return new Answer(200, Receipts.toBody(records));
        }
        NaruException common = Receipts.commonFailure(records.batches());
        if (common != null) {
            throw common;
        }
        return new Answer(207, Receipts.toBody(records));
    }
}

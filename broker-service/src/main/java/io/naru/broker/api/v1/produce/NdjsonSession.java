package io.naru.broker.api.v1.produce;

import io.naru.broker.api.error.Problem;
import io.naru.broker.api.json.JsonBuffer;
import io.naru.cluster.NaruException;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.FluxSink;

/**
 * One NDJSON stream: takes chunks in, appends the lines that came together in one go, and gives their receipts out in
 * order. Confined to the event loop of its connection, to which partitions and parsing threads hand over.
 *
 * <p>It asks for one chunk at a time, and for none while too much is on its way: lines that are not acknowledged yet,
 * and receipts that the client has not taken. So a slow disk and a client that does not read both come back to the
 * client as a full socket, and nothing grows here.
 */
final class NdjsonSession extends BaseSubscriber<DataBuffer> {
    private static final Logger LOG = System.getLogger(NdjsonSession.class.getName());
    private static final int MOST_LINES_IN_FLIGHT = 10_000;
    private static final int MOST_BYTES_IN_FLIGHT = 1 << 20;

    /** Groups of lines up to this many bytes are parsed on the event loop; larger ones would hold others up. */
    private static final int SMALL_BYTES = 64 << 10;

    /** Receipts that are due go out together, until they are about this many bytes. */
    private static final int RECEIPTS_BYTES = 64 << 10;

    private final NdjsonProduce produce;
    private final String topic;
    private final ProduceSettings settings;
    private final EventExecutor eventLoop;
    private final LineSplitter splitter;
    private final LineParser parser;
    private final FluxSink<byte[]> receipts;
    private final ArrayDeque<LineBlock> blocks = new ArrayDeque<>();

    private int linesInFlight;
    private int bytesInFlight;
    private long received;
    private long stored;
    private @Nullable Problem reasonToStop;
    private boolean begun;
    private boolean chunkRequested;
    private boolean parsing;
    private boolean inputEnded;
    private boolean stopping;
    private boolean finished;

    NdjsonSession(
            NdjsonProduce produce,
            String topic,
            ProduceSettings settings,
            EventExecutor eventLoop,
            LineSplitter splitter,
            LineParser parser,
            FluxSink<byte[]> receipts) {
        this.produce = produce;
        this.topic = topic;
        this.settings = settings;
        this.eventLoop = eventLoop;
        this.splitter = splitter;
        this.parser = parser;
        this.receipts = receipts;
    }

    /** The client has room for more receipts. Any thread. */
    void onDemand() {
        onEventLoop(this::giveOut);
    }

    /** Takes no more lines, and ends with {@code why} once those taken are told of. Any thread. */
    void end(NaruException why) {
        onEventLoop(() -> {
            if (!stopping && !inputEnded) {
                reasonToStop = Problem.of(why);
                stop();
                giveOut();
            }
        });
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        onEventLoop(() -> {
            begun = true;
            giveOut();
        });
    }

    @Override
    protected void hookOnNext(DataBuffer chunk) {
        chunkRequested = false;
        try {
            splitter.add(chunk);
        } catch (NaruException overloaded) {
            // The chunk is lost to us, so no line behind it may be taken either.
            stop();
            take(LineBlock.ofFailure(splitter.nextLine(), overloaded));
            return;
        } finally {
            DataBufferUtils.release(chunk);
        }
        parseOn();
    }

    @Override
    protected void hookOnComplete() {
        inputEnded = true;
        if (!parsing) {
            parseEnd();
        }
    }

    @Override
    protected void hookOnError(Throwable failure) {
        // The client is gone; what it sent is appended or not, and there is nobody to tell.
        finished = true;
        receipts.error(failure);
    }

    /** Parses what the splitter has, all of it or up to a piece that is large. */
    private void parseOn() {
        for (LineSplitter.Piece piece = splitter.next(); piece != null; piece = splitter.next()) {
            if (piece instanceof LineSplitter.Piece.Lines lines && lines.to() - lines.from() > SMALL_BYTES) {
                parseAside(lines);
                return;
            }
            take(parser.parse(piece, splitter.bytes()));
        }
        if (inputEnded) {
            parseEnd();
        } else {
            giveOut();
        }
    }

    private void parseAside(LineSplitter.Piece.Lines lines) {
        parsing = true;
        produce.forLargeOnes().schedule(() -> {
            try {
                LineBlock block = parser.parse(lines, splitter.bytes());
                onEventLoop(() -> {
                    parsing = false;
                    take(block);
                    parseOn();
                });
            } catch (RuntimeException | Error e) {
                onEventLoop(() -> fail(e));
            }
        });
    }

    private void parseEnd() {
        // A line without its end is no line while more was to come.
        LineSplitter.Piece last = stopping ? null : splitter.end();
        if (last != null) {
            take(parser.parse(last, splitter.bytes()));
        }
        giveOut();
    }

    private void take(LineBlock block) {
        blocks.add(block);
        received += block.lines();
        linesInFlight += block.lines();
        bytesInFlight += block.sizeInBytes();
        Append.start(
                block.batches(),
                settings.acks(),
                settings.timeoutMillis(),
                eventLoop,
                () -> onEventLoop(() -> settled(block)));
    }

    private void settled(LineBlock block) {
        block.settle();
        produce.metrics().settled(topic, block.batches(), block.startNanos());
        if (block.hasFailedAppend()) {
            stop();
        }
        giveOut();
    }

    private void stop() {
        if (!stopping) {
            stopping = true;
            cancel();
        }
    }

    /** Gives out the receipts that are due, and asks for more lines if there is room for them. */
    private void giveOut() {
        while (!finished && isHeadSettled() && receipts.requestedFromDownstream() > 0) {
            giveOutWhatIsDue();
        }
        if (finished || parsing || !begun) {
            return;
        }
        if (inputEnded || stopping) {
            finishWhenAllIsTold();
        } else if (!chunkRequested && linesInFlight < MOST_LINES_IN_FLIGHT && bytesInFlight < MOST_BYTES_IN_FLIGHT) {
            chunkRequested = true;
            request(1);
        }
    }

    private void giveOutWhatIsDue() {
        var json = new JsonBuffer((Receipts.BYTES_EACH + 12) * blocks.element().lines());
        do {
            LineBlock block = blocks.remove();
            linesInFlight -= block.lines();
            bytesInFlight -= block.sizeInBytes();
            stored += block.writeTo(json);
        } while (isHeadSettled() && json.size() < RECEIPTS_BYTES);
        if (json.size() > 0) {
            receipts.next(json.toBytes());
        }
    }

    private boolean isHeadSettled() {
        @Nullable LineBlock head = blocks.peek();
        return head != null && head.isSettled();
    }

    private void finishWhenAllIsTold() {
        if (blocks.isEmpty() && receipts.requestedFromDownstream() > 0) {
            finished = true;
            var json = new JsonBuffer(64);
            if (reasonToStop != null) {
                reasonToStop.writeTo(json, true);
                json.endLine();
            }
            json.beginObject()
                    .field("received", received)
                    .field("stored", stored)
                    .field("failed", received - stored)
                    .endObject()
                    .endLine();
            receipts.next(json.toBytes());
            receipts.complete();
        }
    }

    /** Runs a step of this session where all of them run; one that fails ends the stream rather than leaving it open. */
    private void onEventLoop(Runnable step) {
        if (!eventLoop.inEventLoop()) {
            try {
                eventLoop.execute(() -> onEventLoop(step));
            } catch (RejectedExecutionException e) {
                receipts.error(e);
            }
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        LOG.log(Level.ERROR, "A stream into topic '" + topic + "' failed in a way it should not", cause);
        finished = true;
        cancel();
        receipts.error(cause);
    }
}

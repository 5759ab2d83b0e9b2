package io.naru.benchmarks.services;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * An HTTP server on the same Reactor Netty that Naru runs on, with answers of the same size, which looks at nothing and
 * keeps nothing: what HTTP itself costs here, and proof that the load generators can do more than Naru asks of them.
 */
final class BareHttp {
    private static final String RECEIPT = "{\"partition\":0,\"offset\":1234567,\"timestamp\":1700000000000}";

    private final List<Sinks.Many<byte[]>> followers = new CopyOnWriteArrayList<>();

    private BareHttp() {}

    /** Serves until the process is stopped; the argument is the port. */
    public static void main(String[] arguments) {
        DisposableServer server = serve(Integer.parseInt(arguments[0]));
        server.onDispose().block();
    }

    /** Starts on loopback; port 0 is any. */
    static DisposableServer serve(int port) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .route(new BareHttp()::routes)
                .bindNow();
    }

    private void routes(HttpServerRoutes routes) {
        routes.post("/v1/topics", (request, response) -> drained(request, response.status(201)::send))
                .delete("/v1/topics/{topic}", (request, response) -> drained(request, response.status(204)::send))
                .post("/v1/topics/{topic}/records", this::produce)
                .get("/v1/topics/{topic}/stream", (_, response) -> stream(response));
    }

    private static Publisher<Void> drained(HttpServerRequest request, Supplier<Mono<Void>> answer) {
        return request.receive().asString().then(Mono.defer(answer));
    }

    private Publisher<Void> produce(HttpServerRequest request, HttpServerResponse response) {
        String type = request.requestHeaders().get("Content-Type", "");
        return type.equals("application/x-ndjson")
                ? ndjson(request, response)
                : json(request, response.header("Content-Type", "application/json"));
    }

    private Publisher<Void> json(HttpServerRequest request, HttpServerResponse response) {
        return response.send(request.receive().aggregate().map(body -> {
            if (!followers.isEmpty()) {
                tell(ByteBufUtil.getBytes(body));
            }
            // The load's records have two braces each, and the body one more: enough for an answer of the right size.
            int records = Math.max(1, (count(body, '{') - 1) / 2);
            return utf8("{\"offsets\":[" + (RECEIPT + ",").repeat(records - 1) + RECEIPT + "]}");
        }));
    }

    private synchronized void tell(byte[] event) {
        followers.forEach(follower -> follower.tryEmitNext(event));
    }

    private static int count(ByteBuf body, char wanted) {
        int[] count = new int[1];
        body.forEachByte(value -> {
            count[0] += value == wanted ? 1 : 0;
            return true;
        });
        return count[0];
    }

    private static Publisher<Void> ndjson(HttpServerRequest request, HttpServerResponse response) {
        // A piece without a line end gets no receipt: an empty buffer would mean "flush" to Reactor Netty, and count as
        // nothing sent in what it asks for next, until it asks for nothing.
        Flux<ByteBuf> receipts = request.receive()
                .map(body -> count(body, '\n'))
                .filter(lines -> lines > 0)
                .map(lines -> utf8((RECEIPT + "\n").repeat(lines)));
        return response.header("Content-Type", "application/x-ndjson")
                .send(
                        receipts.concatWith(
                                Mono.fromSupplier(() -> utf8("{\"received\":0,\"stored\":0,\"failed\":0}\n"))),
                        BareHttp::flushed);
    }

    private Publisher<Void> stream(HttpServerResponse response) {
        Sinks.Many<byte[]> follower = Sinks.many().unicast().onBackpressureBuffer();
        followers.add(follower);
        Flux<ByteBuf> events = follower.asFlux()
                .map(event -> Unpooled.wrappedBuffer(
                        utf8("event: record\ndata: "), Unpooled.wrappedBuffer(event), utf8("\n\n")));
        return response.header("Content-Type", "text/event-stream")
                .send(
                        events.startWith(utf8("retry: 1000\n\n")).doFinally(_ -> followers.remove(follower)),
                        BareHttp::flushed);
    }

    /** Everything is flushed at once. */
    private static boolean flushed(ByteBuf written) {
        return written.isReadable();
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}

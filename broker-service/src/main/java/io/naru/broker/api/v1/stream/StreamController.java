package io.naru.broker.api.v1.stream;

import io.naru.broker.api.error.Problem;
import io.naru.broker.api.json.JsonBuffer;
import io.naru.broker.api.v1.read.FilterParameters;
import io.naru.broker.api.v1.read.From;
import io.naru.broker.api.v1.read.Offers;
import io.naru.broker.api.v1.read.PartitionsParameter;
import io.naru.broker.api.v1.read.QueryFilters;
import io.naru.broker.api.v1.read.RecordView;
import io.naru.broker.api.v1.read.Selection;
import io.naru.broker.api.v1.read.ValueFormatParameter;
import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.web.PacedResponse;
import io.naru.broker.api.web.Parameters;
import io.naru.broker.api.web.Query;
import io.naru.broker.metadata.ClusterView;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.NaruException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Opens streams. Nothing here blocks, so it runs on the event loop; the stream itself does not. */
@RestController
@Tag(name = "Read")
public final class StreamController {
    private static final Offers OFFERS = Offers.of(MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_NDJSON);
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Partitions broker;
    private final ClusterView cluster;
    private final Streams streams;

    public StreamController(Partitions broker, ClusterView cluster, Streams streams) {
        this.broker = broker;
        this.cluster = cluster;
        this.streams = streams;
    }

    @Operation(operationId = "followTopic", summary = "Follow a topic", description = """
                    Sends records as they are acknowledged, for ever. As server-sent events each record is an event \
                    `record` whose `id` is the cursor after it; an `EventSource` that reconnects goes on exactly there. \
                    A first block with only an `id` tells where the stream starts. An event `gap` tells that records \
                    were deleted before they could be sent; an event `problem` tells why the server ends the stream, \
                    with a problem+json as its data. What a later try may mend is told in that way, too, instead of by \
                    a status, because browsers give up on any status but 200.

                    As NDJSON each line is a record; other lines are empty (a sign of life), `{"gap":{…}}`, \
                    `{"scanned_to":"<cursor>"}` or `{"problem":{…}}`, and the header `Naru-Cursor` tells where the \
                    stream starts. The cursor after a record is its `partition:offset+1` with the other partitions' \
                    as they were.

                    The client's reading sets the pace. Order holds within a partition. Partitions created while the \
                    stream runs are followed from their first record. A stream follows 256 partitions at most.""")
    @ApiResponse(
            responseCode = "200",
            description = "The stream",
            content = {
                @Content(
                        mediaType = "text/event-stream",
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject("""
                                        id: 0:42,1:17

                                        retry: 1000

                                        event: record
                                        id: 0:43,1:17
                                        data: {"topic":"orders","partition":0,"offset":42,"timestamp":1763800000000,"key":"o-17","value":{"total":9.90},"headers":[]}

                                        """)),
                @Content(mediaType = "application/x-ndjson", schema = @Schema(implementation = RecordView.class))
            })
    @Parameter(
            name = LAST_EVENT_ID,
            in = ParameterIn.HEADER,
            description = "A cursor, sent by browsers that reconnect. It beats `last_event_id`, which beats `from`.",
            schema = @Schema(type = "string"),
            example = "0:43,1:17")
    @PartitionsParameter
    @ValueFormatParameter
    @FilterParameters
    @GetMapping("/v1/topics/{topic}/stream")
    Mono<Void> stream(
            @PathVariable String topic,
            @Parameter(
                            description = "`earliest`, `latest` or a cursor such as `0:43,1:17`.",
                            schema = @Schema(type = "string", defaultValue = "latest"))
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(
                            name = "last_event_id",
                            description = "Like the header `Last-Event-ID`, for clients that cannot set it.")
                    @RequestParam(name = "last_event_id", required = false)
                    @Nullable
                    String lastEventId,
            @Parameter(
                            name = "on_gap",
                            description = "Whether to go on where records were deleted before they could be sent.",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"continue", "fail"},
                                            defaultValue = "continue"))
                    @RequestParam(name = "on_gap", required = false)
                    @Nullable
                    String onGap,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        Query query = Query.of(exchange.getRequest());
        Framing framing = framing(OFFERS.choose(exchange.getRequest()));
        var wish = new Following.Wish(
                topic,
                from(exchange.getRequest().getHeaders().getFirst(LAST_EVENT_ID), lastEventId, from),
                Selection.of(query),
                QueryFilters.of(query),
                RecordFormat.of(query, true),
                framing,
                Parameters.choice(
                        "on_gap", onGap, OnGap.CONTINUE, Map.of("continue", OnGap.CONTINUE, "fail", OnGap.FAIL)));
        Following following;
        try {
            following = Following.open(wish, broker);
            if (!framing.tellsRetriableProblemsInside()) {
                streams.requireRoom();
            }
        } catch (NaruException e) {
            if (e.code().retriable() && framing.tellsRetriableProblemsInside()) {
                return tellInside(exchange, framing, e);
            }
            throw e;
        }
        return start(exchange, following);
    }

    private Mono<Void> start(ServerWebExchange exchange, Following following) {
        setHeaders(exchange.getResponse(), following.framing());
        if (following.framing() instanceof NdjsonFraming) {
            exchange.getResponse()
                    .getHeaders()
                    .set("Naru-Cursor", following.start().toString());
        }
        var source = new FollowSource(following, broker, cluster, streams.settings(), streams.metrics());
        return PacedResponse.write(
                exchange, streams.publish(source, exchange.getResponse().bufferFactory()));
    }

    /** Answers 200 with nothing but the problem, so that the client comes back by itself. */
    private Mono<Void> tellInside(ServerWebExchange exchange, Framing framing, NaruException problem) {
        ServerHttpResponse response = exchange.getResponse();
        setHeaders(response, framing);
        var json = new JsonBuffer(512);
        Problem.of(problem).writeTo(json, false);
        var sink = new ByteSink(512);
        framing.problem(sink, json.toBytes(), streams.settings().retry());
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(sink.toByteArray())));
    }

    private static void setHeaders(ServerHttpResponse response, Framing framing) {
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(framing.contentType());
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        headers.set("X-Accel-Buffering", "no");
    }

    private static Framing framing(MediaType type) {
        return type.equals(MediaType.TEXT_EVENT_STREAM) ? new SseFraming() : new NdjsonFraming();
    }

    /** The first that is there and not empty, in order of precedence; a client without a last event sends it empty. */
    private static From from(@Nullable String header, @Nullable String lastEventId, @Nullable String from) {
        for (String given : new @Nullable String[] {header, lastEventId}) {
            if (given != null && !given.isBlank()) {
                return From.parse(given.strip());
            }
        }
        return From.parse(from == null ? "latest" : from);
    }
}

package io.naru.broker.api.v1.produce;

import io.naru.broker.api.web.JsonAnswer;
import io.naru.broker.api.web.Query;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code POST /v1/topics/{topic}/records}. Reads its parameters and body itself: this is the call that has to be fast,
 * and no argument resolver or codec stands between the bytes and the batch.
 */
@RestController
@Tag(name = "Produce")
public final class ProduceController {
    private final WholeBodyProduce wholeBodies;
    private final NdjsonProduce streams;

    public ProduceController(WholeBodyProduce wholeBodies, NdjsonProduce streams) {
        this.wholeBodies = wholeBodies;
        this.streams = streams;
    }

    @Operation(
            operationId = "produce",
            summary = "Write records",
            description = """
                    The content type says what the body is:

                    - `application/json`: a list of records. All of it is looked at before anything is stored: one bad record
                      and nothing is.
                    - `application/x-ndjson`: one record a line, for as long as the client likes. The answer is 200 at once,
                      then one receipt or problem a line, in order, as each record is acknowledged. A bad line is reported
                      and skipped; a failed append ends the stream once every line read so far is reported. The last line
                      counts: `{"received", "stored", "failed"}`.
                    - any other type, or none: the body is one record's value, byte for byte. Key and partition come from the
                      query, headers from `Record-Header-*`.

                    The partition is the one that is asked for, else murmur2 of the key as Kafka's clients compute it, else
                    one for all records of the request.

                    With an `Idempotency-Key` a request can be sent again until an answer comes: what an earlier attempt
                    has stored is not stored again, and its receipts tell where it is. An attempt that is still under way
                    is waited for.""",
            parameters = {
                @Parameter(
                        name = "Idempotency-Key",
                        in = ParameterIn.HEADER,
                        description =
                                "Names this request within the topic, for an hour. Not for streams. Records without a"
                                        + " key go where it says, so that a retry finds them. Void once the topic has"
                                        + " got more partitions.",
                        schema = @Schema(type = "string", minLength = 1, maxLength = IdempotencyKey.MAX_CHARACTERS)),
                @Parameter(
                        name = "acks",
                        in = ParameterIn.QUERY,
                        description = "`all`: every in-sync replica holds the record, on disk unless the topic says"
                                + " otherwise. `leader`: it is in the leader's log.",
                        schema =
                                @Schema(
                                        type = "string",
                                        allowableValues = {"all", "leader"},
                                        defaultValue = "all")),
                @Parameter(
                        name = "timeout_ms",
                        in = ParameterIn.QUERY,
                        description = "How long an append may take; afterwards its outcome is unknown",
                        schema = @Schema(type = "integer", minimum = "1", maximum = "300000", defaultValue = "30000")),
                @Parameter(
                        name = "key",
                        in = ParameterIn.QUERY,
                        description = "The key of a body that is one value",
                        schema = @Schema(type = "string")),
                @Parameter(
                        name = "partition",
                        in = ParameterIn.QUERY,
                        description = "The partition of a body that is one value",
                        schema = @Schema(type = "integer", minimum = "0"))
            },
            requestBody =
                    @RequestBody(
                            content = {
                                @Content(
                                        mediaType = "application/json",
                                        schema = @Schema(implementation = ProduceSchemas.Request.class)),
                                @Content(
                                        mediaType = "application/x-ndjson",
                                        schema = @Schema(implementation = ProduceSchemas.NewRecord.class),
                                        examples =
                                                @ExampleObject(
                                                        "{\"key\":\"alice\",\"value\":{\"total\":12}}\n{\"value_text\":\"hello\"}\n")),
                                @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "Stored; of a stream: taken, each line tells",
            content = {
                @Content(
                        mediaType = "application/json",
                        schema = @Schema(implementation = ProduceSchemas.Receipts.class)),
                @Content(
                        mediaType = "application/x-ndjson",
                        schema =
                                @Schema(
                                        oneOf = {
                                            ProduceSchemas.LineReceipt.class,
                                            ProduceSchemas.LineProblem.class,
                                            ProduceSchemas.Summary.class
                                        }))
            })
    @ApiResponse(
            responseCode = "207",
            description = "Some records are stored and some are not: each of `offsets` is a receipt or a problem",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = ProduceSchemas.MixedReceipts.class)))
    @ApiResponse(
            responseCode = "400",
            description = "A record or parameter is invalid; nothing is stored",
            content =
                    @Content(
                            mediaType = "application/problem+json",
                            schema = @Schema(implementation = ProduceSchemas.InvalidRecords.class)))
    @ApiResponse(responseCode = "404", description = "No such topic or partition")
    @ApiResponse(responseCode = "413", description = "The body or a record is too large; nothing is stored")
    @ApiResponse(responseCode = "415", description = "A type that is not taken, such as a form")
    @ApiResponse(
            responseCode = "422",
            description = "A request with this `Idempotency-Key` and other records was stored; nothing of this one is")
    @ApiResponse(
            responseCode = "429",
            description = "More keys than are remembered; nothing is stored; send again later")
    @ApiResponse(responseCode = "503", description = "Refused before anything was stored; send again")
    @ApiResponse(responseCode = "504", description = "Not confirmed in time; it may or may not be stored")
    @ApiResponse(responseCode = "507", description = "The disk is full; nothing is stored")
    @PostMapping("/v1/topics/{topic}/records")
    Mono<Void> produce(@PathVariable String topic, ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        ProduceSettings settings = ProduceSettings.of(Query.of(request));
        return switch (BodyKind.of(request.getHeaders())) {
            case JSON -> {
                settings.requireNoneOfOneValue();
                yield answer(exchange, wholeBodies.json(request, topic, settings));
            }
            case ONE_VALUE -> answer(exchange, wholeBodies.oneValue(request, topic, settings));
            case NDJSON -> {
                settings.requireNoneOfOneValue();
                IdempotencyKey.requireNone(request.getHeaders());
                yield streams.handle(exchange, topic, settings);
            }
        };
    }

    private static Mono<Void> answer(ServerWebExchange exchange, Mono<WholeBodyProduce.Answer> answer) {
        return answer.flatMap(ready -> JsonAnswer.write(
                exchange.getResponse(), ready.status(), ready.body().toBytes()));
    }
}

package io.naru.broker.api.v1.topics;

import io.naru.broker.api.web.JsonBodies;
import io.naru.broker.api.web.Parameters;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Deletes records from the front of a partition. */
@RestController
@Tag(name = "Topics")
public final class TruncationController {
    private final Partitions partitions;
    private final JsonBodies bodies;

    public TruncationController(Partitions partitions, JsonBodies bodies) {
        this.partitions = partitions;
        this.bodies = bodies;
    }

    @Operation(
            operationId = "truncatePartition",
            summary = "Delete the records of a partition below an offset",
            description = "Once answered, none of them is ever read again. The disk gets the room back a segment at a"
                    + " time, after `file.delete.delay.ms`. Deleting what is gone already is no error.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = TruncatePartition.class))))
    @ApiResponse(responseCode = "200", description = "Deleted", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "No such topic or partition")
    @ApiResponse(
            responseCode = "422",
            description = "The offset is above the high watermark, which the answer names; nothing is deleted")
    @ApiResponse(
            responseCode = "503",
            description = "The partition cannot be changed now; `outcome` says what became of it")
    @PostMapping(
            path = "/v1/topics/{topic}/partitions/{partition}/truncate",
            produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<Truncation> truncate(
            @PathVariable String topic,
            @Parameter(schema = @Schema(type = "integer", format = "int32", minimum = "0")) @PathVariable
                    String partition,
            ServerWebExchange exchange) {
        int number = Parameters.intWithin("partition", partition, 0, 0, Integer.MAX_VALUE);
        Partition found = partitions.partition(topic, number);
        return bodies.read(exchange.getRequest(), TruncatePartition.class)
                .map(TruncatePartition::offset)
                .flatMap(offset -> Mono.fromCompletionStage(() -> found.deleteBefore(offset)))
                .map(start -> new Truncation(number, start, found.highWatermark()));
    }
}

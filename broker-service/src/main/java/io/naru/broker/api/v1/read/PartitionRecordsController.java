package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.web.AcceptsPrefix;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.Parameters;
import io.naru.broker.api.web.Query;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Records of one partition: page by page, or one by one. */
@RestController
@RequestMapping("/v1/topics/{topic}/partitions/{partition}/records")
@Tag(name = "Read")
public final class PartitionRecordsController {
    private static final Offers PAGE_OFFERS =
            Offers.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_NDJSON, Offers.RECORD_BATCHES);

    private final Partitions partitions;
    private final PartitionPages pages;
    private final BlockingCalls calls;
    private final ReadMetrics metrics;

    public PartitionRecordsController(
            Partitions partitions, LongPolls polls, BlockingCalls calls, ReadMetrics metrics) {
        this.partitions = partitions;
        this.pages = new PartitionPages(polls);
        this.calls = calls;
        this.metrics = metrics;
    }

    @Operation(operationId = "readPartition", summary = "Read a page of one partition", description = """
                    Begins at `offset`, at `timestamp`, or `last` records before the end; without any of them at the \
                    earliest record. Only acknowledged records are shown. With `wait_ms` the call waits for a first \
                    record when there is none yet. A record larger than `max_bytes` comes alone. \
                    `Accept: application/x-ndjson` gives one record a line; \
                    `Accept: application/vnd.naru.record-batch` whole record batches as they lie in the log, the first \
                    of which may begin below `offset`. Both tell in headers what the JSON page tells in fields.""")
    @ApiResponse(
            responseCode = "200",
            description = "A page, which is empty at the end of the partition",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = PartitionPageView.class)),
                @Content(mediaType = "application/x-ndjson", schema = @Schema(implementation = RecordView.class)),
                @Content(
                        mediaType = "application/vnd.naru.record-batch",
                        schema = @Schema(type = "string", format = "binary"))
            })
    @Parameter(
            name = "key",
            in = ParameterIn.QUERY,
            description = "Only records with this key.",
            schema = @Schema(type = "string"))
    @Parameter(
            name = "header.{name}",
            in = ParameterIn.QUERY,
            description = "Only records that have a header {name} with this value, as in `header.type=order`.",
            schema = @Schema(type = "string"))
    @AcceptsPrefix(QueryFilters.HEADER_PREFIX)
    @GetMapping
    Mono<Void> page(
            @PathVariable String topic,
            @Parameter(schema = @Schema(type = "integer", format = "int32", minimum = "0")) @PathVariable
                    String partition,
            @Parameter(
                            description = "A number, `earliest` or `latest`; `latest` is the high watermark.",
                            example = "42")
                    @RequestParam(required = false)
                    @Nullable
                    String offset,
            @Parameter(
                            description = "Begin at the first record with this timestamp (epoch ms) or a later one.",
                            schema = @Schema(type = "integer", format = "int64"))
                    @RequestParam(required = false)
                    @Nullable
                    String timestamp,
            @Parameter(
                            description = "Begin this many offsets before the high watermark.",
                            schema = @Schema(type = "integer", format = "int64", minimum = "0"))
                    @RequestParam(required = false)
                    @Nullable
                    String last,
            @Parameter(
                            description = "Most records of the page.",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "10000",
                                            defaultValue = "500"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(
                            name = "max_bytes",
                            description = "Most bytes of records.",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "16777216",
                                            defaultValue = "1048576"))
                    @RequestParam(name = "max_bytes", required = false)
                    @Nullable
                    String maxBytes,
            @Parameter(
                            name = "wait_ms",
                            description = "Longest wait for a first record, in ms.",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "0",
                                            maximum = "30000",
                                            defaultValue = "0"))
                    @RequestParam(name = "wait_ms", required = false)
                    @Nullable
                    String waitMs,
            @Parameter(
                            name = "value_format",
                            description = "`base64` shows every value as `value_base64`.",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"auto", "base64"},
                                            defaultValue = "auto"))
                    @RequestParam(name = "value_format", required = false)
                    @Nullable
                    String valueFormat,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        MediaType type = PAGE_OFFERS.choose(exchange.getRequest());
        StartOffset start = StartOffset.parse(offset, timestamp, last);
        PageLimits limits = PageLimits.parse(limit, maxBytes, waitMs);
        RecordFilter filter = QueryFilters.of(Query.of(exchange.getRequest()));
        RecordFormat format = RecordFormat.parse(valueFormat, type.equals(MediaType.APPLICATION_NDJSON));
        Partition from = find(topic, partition);
        if (type.equals(Offers.RECORD_BATCHES)) {
            requireWhole(filter, limit, valueFormat);
            return send(exchange, () -> pages.batches(from, start, limits));
        }
        return send(exchange, () -> pages.text(from, start, limits, filter, format));
    }

    @Operation(
            operationId = "readRecord",
            summary = "Read one record",
            description = "404 where the offset holds no record: not acknowledged yet, or removed by compaction.")
    @ApiResponse(
            responseCode = "200",
            description = "The record",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = RecordView.class)))
    @GetMapping("/{offset}")
    Mono<Void> record(
            @PathVariable String topic,
            @Parameter(schema = @Schema(type = "integer", format = "int32", minimum = "0")) @PathVariable
                    String partition,
            @Parameter(schema = @Schema(type = "integer", format = "int64", minimum = "0")) @PathVariable String offset,
            @Parameter(
                            name = "value_format",
                            description = "`base64` shows every value as `value_base64`.",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"auto", "base64"},
                                            defaultValue = "auto"))
                    @RequestParam(name = "value_format", required = false)
                    @Nullable
                    String valueFormat,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        Offers.of(MediaType.APPLICATION_JSON).choose(exchange.getRequest());
        long at = offset(offset);
        RecordFormat format = RecordFormat.parse(valueFormat, false);
        Partition from = find(topic, partition);
        return send(exchange, () -> SingleRecords.record(from, at, format));
    }

    @Operation(operationId = "readValue", summary = "Read the bytes of one record's value", description = """
                    The value as it was stored, byte for byte; 204 for a tombstone. The content type tells only what the \
                    bytes are good for, and a browser is told neither to guess another nor to run them.""")
    @ApiResponse(
            responseCode = "200",
            description = "The value",
            content = {
                @Content(mediaType = "application/json", schema = @Schema),
                @Content(mediaType = "text/plain", schema = @Schema(type = "string")),
                @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "204", description = "The record is a tombstone", content = @Content)
    @GetMapping("/{offset}/value")
    Mono<Void> value(
            @PathVariable String topic,
            @Parameter(schema = @Schema(type = "integer", format = "int32", minimum = "0")) @PathVariable
                    String partition,
            @Parameter(schema = @Schema(type = "integer", format = "int64", minimum = "0")) @PathVariable String offset,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        long at = offset(offset);
        Partition from = find(topic, partition);
        return calls.run(() -> java.util.Optional.ofNullable(SingleRecords.value(from, at)))
                .flatMap(found ->
                        found.map(answer -> answer.send(exchange, metrics)).orElseGet(() -> noContent(exchange)));
    }

    private Mono<Void> send(ServerWebExchange exchange, java.util.concurrent.Callable<Answer> call) {
        return calls.run(call).flatMap(answer -> answer.send(exchange, metrics));
    }

    private static Mono<Void> noContent(ServerWebExchange exchange) {
        exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
        return exchange.getResponse().setComplete();
    }

    private Partition find(String topic, String partition) {
        return partitions.partition(topic, Parameters.intWithin("partition", partition, 0, 0, Integer.MAX_VALUE));
    }

    private static long offset(String text) {
        return Parameters.longWithin("offset", text, 0, 0, Long.MAX_VALUE);
    }

    private static void requireWhole(RecordFilter filter, @Nullable String limit, @Nullable String valueFormat) {
        if (filter.isSelective() || limit != null || valueFormat != null) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "Record batches come whole, as they lie in the log: 'limit', 'value_format', 'key' and 'header.…' cannot be had with Accept: application/vnd.naru.record-batch. 'max_bytes' can.");
        }
    }
}

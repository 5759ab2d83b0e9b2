package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.web.Parameters;
import io.naru.broker.api.web.Query;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
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
    private final Answers answers;

    public PartitionRecordsController(Partitions partitions, LongPolls polls, Answers answers) {
        this.partitions = partitions;
        this.pages = new PartitionPages(polls);
        this.answers = answers;
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
    @PageParameters
    @ValueFormatParameter
    @FilterParameters
    @GetMapping
    Mono<Void> page(
            @PathVariable String topic,
            @PartitionNumber @PathVariable String partition,
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
            @Parameter(hidden = true) ServerWebExchange exchange) {
        MediaType type = PAGE_OFFERS.choose(exchange.getRequest());
        StartOffset start = StartOffset.parse(offset, timestamp, last);
        Query query = Query.of(exchange.getRequest());
        PageLimits limits = PageLimits.of(query);
        RecordFilter filter = QueryFilters.of(query);
        RecordFormat format = RecordFormat.of(query, type.equals(MediaType.APPLICATION_NDJSON));
        Partition from = find(topic, partition);
        if (type.equals(Offers.RECORD_BATCHES)) {
            requireWhole(filter, query);
            return answers.send(exchange, topic, draft -> pages.batches(from, start, limits, draft));
        }
        return answers.send(exchange, topic, draft -> pages.text(from, start, limits, filter, format, draft));
    }

    @Operation(
            operationId = "readRecord",
            summary = "Read one record",
            description = "404 where the offset holds no record: not acknowledged yet, or removed by compaction.")
    @ApiResponse(
            responseCode = "200",
            description = "The record",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = RecordView.class)))
    @ValueFormatParameter
    @GetMapping("/{offset}")
    Mono<Void> record(
            @PathVariable String topic,
            @PartitionNumber @PathVariable String partition,
            @Parameter(schema = @Schema(type = "integer", format = "int64", minimum = "0")) @PathVariable String offset,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        Offers.of(MediaType.APPLICATION_JSON).choose(exchange.getRequest());
        long at = offset(offset);
        RecordFormat format = RecordFormat.of(Query.of(exchange.getRequest()), false);
        Partition from = find(topic, partition);
        return answers.send(exchange, topic, draft -> SingleRecords.record(from, at, format, draft));
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
            @PartitionNumber @PathVariable String partition,
            @Parameter(schema = @Schema(type = "integer", format = "int64", minimum = "0")) @PathVariable String offset,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        long at = offset(offset);
        Partition from = find(topic, partition);
        return answers.send(exchange, topic, draft -> SingleRecords.value(from, at, draft));
    }

    private Partition find(String topic, String partition) {
        return partitions.partition(topic, Parameters.intWithin("partition", partition, 0, 0, Integer.MAX_VALUE));
    }

    private static long offset(String text) {
        return Parameters.longWithin("offset", text, 0, 0, Long.MAX_VALUE);
    }

    private static void requireWhole(RecordFilter filter, Query query) {
        if (filter.isSelective() || query.get(PageLimits.LIMIT) != null || query.get(RecordFormat.PARAMETER) != null) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "Record batches come whole, as they lie in the log: 'limit', 'value_format', 'key' and 'header.…' cannot be had with Accept: application/vnd.naru.record-batch. 'max_bytes' can.");
        }
    }
}

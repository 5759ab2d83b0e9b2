package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.web.Query;
import io.naru.broker.partition.Partitions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Records of a topic, page by page across its partitions. */
@RestController
@Tag(name = "Read")
public final class TopicRecordsController {
    private static final Offers OFFERS = Offers.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_NDJSON);

    private final TopicPages pages;
    private final Answers answers;

    public TopicRecordsController(Partitions partitions, LongPolls polls, Answers answers) {
        this.pages = new TopicPages(partitions, polls);
        this.answers = answers;
    }

    @Operation(operationId = "readTopic", summary = "Read a page across a topic's partitions", description = """
                    Records are in order within a partition; each partition gets its share of the page. Go on with \
                    `from` the `cursor` of the last page. Partitions that a cursor lacks, such as those created since, \
                    are read from their earliest record. With `wait_ms` the call waits for a first record when there is \
                    none yet. `Accept: application/x-ndjson` gives one record a line and the cursor in the header \
                    `Naru-Cursor`.""")
    @ApiResponse(
            responseCode = "200",
            description = "A page, which is empty at the end of the topic",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = TopicPageView.class)),
                @Content(mediaType = "application/x-ndjson", schema = @Schema(implementation = RecordView.class))
            })
    @PartitionsParameter
    @PageParameters
    @ValueFormatParameter
    @FilterParameters
    @GetMapping("/v1/topics/{topic}/records")
    Mono<Void> page(
            @PathVariable String topic,
            @Parameter(
                            description = "`earliest`, `latest` or a cursor such as `0:43,1:17`.",
                            schema = @Schema(type = "string", defaultValue = "earliest"))
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        MediaType type = OFFERS.choose(exchange.getRequest());
        Query query = Query.of(exchange.getRequest());
        var wish = new TopicPages.Wish(
                topic,
                From.parse(Objects.requireNonNullElse(from, "earliest")),
                Selection.of(query),
                PageLimits.of(query),
                QueryFilters.of(query),
                RecordFormat.of(query, type.equals(MediaType.APPLICATION_NDJSON)));
        return answers.send(exchange, topic, draft -> pages.page(wish, draft));
    }
}

package io.naru.broker.api.v1.topics;

import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.api.v1.Page;
import io.naru.broker.api.web.Parameters;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicImage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The calls about topics. Describing them never blocks; changing them asks the coordinators on a virtual thread. */
@RestController
@Tag(name = "Topics")
public final class TopicController {
    private static final int MAX_LIMIT = 5000;

    private final BrokerContext broker;
    private final TopicChanges changes;

    public TopicController(BrokerContext broker, TopicChanges changes) {
        this.broker = broker;
        this.changes = changes;
    }

    @Operation(operationId = "listTopics", summary = "List topics")
    @GetMapping(path = "/v1/topics", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<TopicSummary> list(
            @Parameter(description = "Only topics whose name contains this text, whatever its case")
                    @RequestParam(required = false)
                    @Nullable
                    String query,
            @Parameter(description = "One of " + TopicSort.CHOICES, schema = @Schema(defaultValue = "name"))
                    @RequestParam(required = false)
                    @Nullable
                    String sort,
            @Parameter(
                            description = "Most topics in the answer",
                            schema = @Schema(type = "integer", defaultValue = "500", minimum = "1", maximum = "5000"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(description = "`next_cursor` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        int most = Parameters.intWithin("limit", limit, 500, 1, MAX_LIMIT);
        TopicSort order = TopicSort.of(sort);
        TopicSort.@Nullable Place after = cursor == null ? null : TopicCursor.parse(cursor, order);
        String wanted = query == null ? "" : query.toLowerCase(Locale.ROOT);
        List<TopicSummary> found = broker.image().topics().values().stream()
                .filter(topic -> topic.name().toLowerCase(Locale.ROOT).contains(wanted))
                .map(topic -> TopicSummary.of(topic, broker))
                .filter(topic -> after == null || order.order().compare(order.placeOf(topic), after) > 0)
                .sorted((a, b) -> order.order().compare(order.placeOf(a), order.placeOf(b)))
                .limit(most + 1L)
                .toList();
        if (found.size() <= most) {
            return Page.of(found);
        }
        List<TopicSummary> page = found.subList(0, most);
        return new Page<>(page, TopicCursor.after(order, order.placeOf(page.getLast())));
    }

    @Operation(
            operationId = "createTopic",
            summary = "Create a topic",
            description = "Answers once this broker takes records for it: a produce right after succeeds.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = CreateTopic.class))))
    @ApiResponse(
            responseCode = "201",
            description = "Created",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "The topic's URL",
                        schema = @Schema(type = "string")),
                @Header(name = HttpHeaders.ETAG, description = "Its revision", schema = @Schema(type = "string"))
            },
            useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "A topic of that name exists")
    @ApiResponse(responseCode = "422", description = "An impossible name, config or assignment")
    @PostMapping(path = "/v1/topics", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    Mono<TopicView> create(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        return changes.create(exchange.getRequest()).map(topic -> {
            response.getHeaders().set(HttpHeaders.LOCATION, broker.advertisedUrl() + "/v1/topics/" + topic.name());
            return view(topic, response);
        });
    }

    @Operation(operationId = "describeTopic", summary = "Describe a topic")
    @ApiResponse(
            responseCode = "200",
            description = "The topic",
            headers = @Header(name = HttpHeaders.ETAG, description = "Its revision", schema = @Schema(type = "string")),
            useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "No such topic")
    @GetMapping(path = "/v1/topics/{topic}", produces = MediaType.APPLICATION_JSON_VALUE)
    TopicView get(@PathVariable String topic, ServerHttpResponse response) {
        return view(BrokerContext.topic(broker.image(), topic), response);
    }

    @Operation(
            operationId = "changeTopic",
            summary = "Change a topic",
            description = "Sets configs, puts them back to their defaults with null, and raises the number of"
                    + " partitions. All of it happens or nothing.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = ChangeTopic.class))))
    @ApiResponse(
            responseCode = "200",
            description = "The changed topic",
            headers = @Header(name = HttpHeaders.ETAG, description = "Its revision", schema = @Schema(type = "string")),
            useReturnTypeSchema = true)
    @ApiResponse(responseCode = "412", description = "The topic has changed since the revision that If-Match names")
    @ApiResponse(responseCode = "422", description = "An impossible config or number of partitions")
    @PatchMapping(path = "/v1/topics/{topic}", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<TopicView> change(
            @PathVariable String topic,
            @Parameter(description = "Change it only if its ETag is still this one")
                    @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable
                    String ifMatch,
            ServerWebExchange exchange) {
        return changes.change(exchange.getRequest(), topic, ifMatch)
                .map(changed -> view(changed, exchange.getResponse()));
    }

    @Operation(operationId = "deleteTopic", summary = "Delete a topic and all its records")
    @ApiResponse(responseCode = "204", description = "Deleted", content = @Content)
    @ApiResponse(responseCode = "404", description = "No such topic")
    @ApiResponse(responseCode = "412", description = "The topic has changed since the revision that If-Match names")
    @DeleteMapping("/v1/topics/{topic}")
    Mono<ResponseEntity<Void>> delete(
            @PathVariable String topic,
            @Parameter(description = "Delete it only if its ETag is still this one")
                    @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable
                    String ifMatch) {
        return changes.delete(topic, ifMatch)
                .thenReturn(ResponseEntity.noContent().build());
    }

    @Operation(operationId = "listPartitions", summary = "List the partitions of a topic")
    @ApiResponse(responseCode = "200", description = "All of them, by number", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "No such topic")
    @GetMapping(path = "/v1/topics/{topic}/partitions", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<PartitionView> partitions(@PathVariable String topic) {
        ClusterImage image = broker.image();
        return Page.of(PartitionView.all(image, BrokerContext.topic(image, topic), broker));
    }

    @Operation(operationId = "listTopicConfigs", summary = "List the configs a topic can have")
    @GetMapping(path = "/v1/topic-configs", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<ConfigDescription> configs() {
        return Page.of(ConfigDescription.all(broker.brokerDefaults()));
    }

    /**
     * The answer about one topic. Its ETag stands for what users can change, so that If-Match guards that; it is set
     * past the framework, which would otherwise answer 304 while the numbers have moved on.
     */
    private TopicView view(TopicImage topic, ServerHttpResponse response) {
        response.getHeaders().setETag('"' + topic.revision() + '"');
        return TopicView.of(topic, broker);
    }
}

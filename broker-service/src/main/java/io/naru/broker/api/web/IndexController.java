package io.naru.broker.api.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** {@code GET /}: the way in, for people to the web UI where there is one, for programs to what can be called. */
@RestController
@Tag(name = "Index")
public final class IndexController {
    private static final String UI = "static/ui/index.html";

    private final Index index;
    private final boolean hasUi;

    /**
     * The index of a broker.
     *
     * @param version of Naru
     */
    public IndexController(String version, ClassLoader resources) {
        this.index =
                new Index("Naru", version, "/v1/topics", "/v1/cluster", "/openapi", "/swagger-ui", "/actuator/health");
        this.hasUi = resources.getResource(UI) != null;
    }

    @Operation(
            operationId = "index",
            summary = "What there is",
            description =
                    "Names the entrances of the API. A browser is sent to /ui/ instead, where this broker has it.")
    @GetMapping("/")
    ResponseEntity<Index> index(ServerWebExchange exchange) {
        if (hasUi && namesHtml(exchange.getRequest().getHeaders())) {
            return ResponseEntity.status(HttpStatus.TEMPORARY_REDIRECT)
                    .location(URI.create("/ui/"))
                    .build();
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .body(index);
    }

    private static boolean namesHtml(HttpHeaders headers) {
        String accept = headers.getFirst(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(MediaType.TEXT_HTML_VALUE);
    }

    /** The entrances, each a path on this broker. */
    @Schema(name = "Index")
    public record Index(
            String name,
            String version,
            String topics,
            String cluster,
            String openapi,
            @JsonProperty("swagger_ui") String swaggerUi,
            String health) {}
}

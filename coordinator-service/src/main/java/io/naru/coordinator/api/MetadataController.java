package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataCodec;
import io.naru.cluster.NaruException;
import io.naru.coordinator.feed.MetadataFeed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What brokers follow. */
@RestController
@Tag(name = "Metadata", description = "What brokers follow")
public final class MetadataController {
    private static final long MAX_WAIT_MS = 30_000;

    private final MetadataFeed feed;

    public MetadataController(MetadataFeed feed) {
        this.feed = feed;
    }

    @Operation(
            operationId = "followMetadata",
            summary = "Follow the cluster's metadata",
            description =
                    "What was applied after a version, in Naru's own binary form; a snapshot when this coordinator cannot"
                            + " continue from there; an empty delta when nothing came within the wait.")
    @GetMapping(path = "/internal/metadata", produces = MetadataCodec.MEDIA_TYPE)
    byte[] after(
            @Parameter(description = "Version the follower has; 0 for nothing")
                    @RequestParam(name = "after_version", defaultValue = "0")
                    long afterVersion,
            @Parameter(description = "How long to wait for news, 0 to 30000 ms")
                    @RequestParam(name = "wait_ms", defaultValue = "0")
                    long waitMs) {
        if (afterVersion < 0) {
            throw new NaruException(ErrorCode.INVALID_PARAMETER, "after_version is 0 or more.");
        }
        if (waitMs < 0 || waitMs > MAX_WAIT_MS) {
            throw new NaruException(
                    ErrorCode.INVALID_PARAMETER,
                    "wait_ms lies between 0 and " + MAX_WAIT_MS + "; it was " + waitMs + ".");
        }
        return MetadataCodec.encode(feed.after(afterVersion, Duration.ofMillis(waitMs)));
    }
}

package io.naru.broker.api.v1.cluster;

import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.api.v1.Page;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.Parameters;
import io.naru.broker.metadata.Coordinator;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The calls about the cluster. They answer with what is known here when the coordinators are silent. */
@RestController
@Tag(name = "Cluster")
public final class ClusterController {
    /** Longest wait for the coordinators; people look at this page when something is wrong. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BrokerContext broker;
    private final Coordinator coordinator;
    private final BlockingCalls calls;

    public ClusterController(BrokerContext broker, Coordinator coordinator, BlockingCalls calls) {
        this.broker = broker;
        this.coordinator = coordinator;
        this.calls = calls;
    }

    @Operation(
            operationId = "describeCluster",
            summary = "Describe the cluster",
            description = "Answers 200 with what this broker knows even when the coordinators are silent; `unreachable`"
                    + " then says so. Before it has heard of the cluster at all it answers 503.")
    @GetMapping(path = "/v1/cluster", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ClusterReport> cluster() {
        // Without any image there is nothing to report, and no need to ask the coordinators.
        broker.image();
        return calls.run(() -> QuorumReport.of(coordinator.quorum()))
                .timeout(PATIENCE)
                .map(quorum -> report(quorum, List.of()))
                .onErrorResume(
                        ClusterController::isSilence,
                        silence -> Mono.fromSupplier(() ->
                                report(null, List.of(new ClusterReport.Unreachable("coordinators", reason(silence))))));
    }

    @Operation(operationId = "listBrokers", summary = "List the brokers")
    @GetMapping(path = "/v1/brokers", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<BrokerView> brokers() {
        return Page.of(BrokerView.all(broker.image(), broker));
    }

    @Operation(operationId = "describeBroker", summary = "Describe a broker")
    @ApiResponse(responseCode = "200", description = "The broker", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "No such broker")
    @GetMapping(path = "/v1/brokers/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    BrokerView broker(@Parameter(schema = @Schema(type = "integer")) @PathVariable String id) {
        int wanted = Parameters.intWithin("id", id, 0, 0, Integer.MAX_VALUE);
        return BrokerView.all(broker.image(), broker).stream()
                .filter(candidate -> candidate.id() == wanted)
                .findFirst()
                .orElseThrow(() -> new NaruException(
                        ErrorCode.BROKER_NOT_FOUND,
                        "There is no broker " + wanted + ". GET /v1/brokers lists those there are."));
    }

    private ClusterReport report(@Nullable QuorumReport quorum, List<ClusterReport.Unreachable> unreachable) {
        ClusterImage image = broker.image();
        return new ClusterReport(
                Objects.requireNonNull(image.clusterId(), "only the empty image has no id"),
                broker.cluster().brokerId(),
                image.version(),
                quorum,
                BrokerView.all(image, broker),
                HealthReport.of(image, broker.brokerDefaults(), quorum),
                unreachable);
    }

    private static boolean isSilence(Throwable failure) {
        return failure instanceof NaruException || failure instanceof TimeoutException;
    }

    private static String reason(Throwable silence) {
        return silence instanceof NaruException refusal
                ? refusal.detail()
                : "No coordinator answered within " + PATIENCE.toSeconds() + " s.";
    }
}

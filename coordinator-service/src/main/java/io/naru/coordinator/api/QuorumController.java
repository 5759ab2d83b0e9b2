package io.naru.coordinator.api;

import io.naru.cluster.protocol.QuorumView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this coordinator knows of its quorum. */
@RestController
@Tag(name = "Quorum", description = "The coordinators themselves")
public final class QuorumController {
    private final Supplier<QuorumView> views;

    public QuorumController(Supplier<QuorumView> views) {
        this.views = views;
    }

    @Operation(
            operationId = "describeQuorum",
            summary = "Show the quorum as this coordinator sees it",
            description = "Each coordinator answers for itself; lag and contact are known to the leader only.")
    @GetMapping("/v1/quorum")
    QuorumView quorum() {
        return views.get();
    }
}

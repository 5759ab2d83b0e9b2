package io.naru.coordinator.api;

import io.naru.cluster.protocol.QuorumView;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this coordinator knows of its quorum. */
@RestController
public final class QuorumController {
    private final Supplier<QuorumView> views;

    public QuorumController(Supplier<QuorumView> views) {
        this.views = views;
    }

    /** The quorum as this coordinator sees it; each one answers for itself. */
    @GetMapping("/v1/quorum")
    QuorumView quorum() {
        return views.get();
    }
}

package io.naru.coordinator.api;

import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.coordinator.liveness.Membership;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Brokers take their ids and say that they are alive. */
@RestController
@RequestMapping("/internal/brokers/{id}")
public final class BrokersController {
    private final Membership membership;

    public BrokersController(Membership membership) {
        this.membership = membership;
    }

    /** A broker process takes its id. */
    @PostMapping("/registration")
    BrokerRegistration.Accepted register(@PathVariable int id, @RequestBody BrokerRegistration registration) {
        return membership.register(id, registration);
    }

    /** A broker is alive, or leaving. */
    @PostMapping("/heartbeat")
    Heartbeat.Answer heartbeat(@PathVariable int id, @RequestBody Heartbeat heartbeat) {
        return membership.heartbeat(id, heartbeat);
    }
}

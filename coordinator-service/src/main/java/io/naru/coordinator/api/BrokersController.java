package io.naru.coordinator.api;

import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.coordinator.liveness.Membership;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Brokers take their ids and say that they are alive. */
@RestController
@Tag(name = "Brokers", description = "Brokers take their ids and say that they are alive")
@RequestMapping("/internal/brokers/{id}")
public final class BrokersController {
    private final Membership membership;

    public BrokersController(Membership membership) {
        this.membership = membership;
    }

    @Operation(
            operationId = "registerBroker",
            summary = "Take a broker id",
            description =
                    "Gives the process the id and a new broker epoch. It starts fenced, and is unfenced by a heartbeat that"
                            + " has replayed the version answered here. Repeating the call with the same incarnation"
                            + " gives the same answer.")
    @PostMapping(path = "/registration", consumes = MediaType.APPLICATION_JSON_VALUE)
    BrokerRegistration.Accepted register(@PathVariable int id, @RequestBody BrokerRegistration registration) {
        return membership.register(id, registration);
    }

    @Operation(
            operationId = "heartbeat",
            summary = "Say that a broker is alive, or leaving",
            description =
                    "Expected every 250 ms; after 1.5 s of silence the broker is fenced and its leaderships move. With"
                            + " 'leaving' it is fenced at once.")
    @PostMapping(path = "/heartbeat", consumes = MediaType.APPLICATION_JSON_VALUE)
    Heartbeat.Answer heartbeat(@PathVariable int id, @RequestBody Heartbeat heartbeat) {
        return membership.heartbeat(id, heartbeat);
    }
}

package io.naru.coordinator.liveness;

import java.time.Duration;

/**
 * How long brokers may be silent.
 *
 * @param session time without a heartbeat after which a broker is fenced
 * @param check time between two looks at the sessions
 * @param decision longest wait for the quorum to confirm what a registration or heartbeat brings about
 */
public record LivenessSettings(Duration session, Duration check, Duration decision) {
    /** What holds where nothing else is configured: brokers' heartbeats come every 250 ms. */
    public static final LivenessSettings DEFAULTS =
            new LivenessSettings(Duration.ofMillis(1500), Duration.ofMillis(50), Duration.ofSeconds(5));
}

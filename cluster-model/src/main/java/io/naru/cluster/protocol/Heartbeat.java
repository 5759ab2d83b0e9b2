package io.naru.cluster.protocol;

/**
 * A broker is alive: {@code POST /internal/brokers/{id}/heartbeat}, every 250 ms by default.
 *
 * @param brokerEpoch from its registration; a stale one is refused with {@code STALE_BROKER_EPOCH}, and the broker
 *     must register anew
 * @param metadataVersion the image version it has replayed
 * @param leaving true when it is shutting down in good order: it is fenced at once instead of after its session
 */
public record Heartbeat(long brokerEpoch, long metadataVersion, boolean leaving) {

    /**
     * The answer to a heartbeat.
     *
     * @param fenced whether the broker may not lead
     * @param version the newest image version the coordinator knows
     */
    public record Answer(boolean fenced, long version) {}
}

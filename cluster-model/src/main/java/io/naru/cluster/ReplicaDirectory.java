package io.naru.cluster;

import java.util.UUID;

/**
 * A replica where its data lies: what a broker holds goes with its data directory, not with its id.
 *
 * @param directoryId identity of the broker's data directory
 */
public record ReplicaDirectory(int brokerId, UUID directoryId) {}

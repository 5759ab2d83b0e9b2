package io.naru.coordinator.control;

import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a decision may know besides the state.
 *
 * @param entryVersion the image version that the records will make
 * @param ids source of new random ids; read while deciding only, never while applying
 * @param limits bounds of what the cluster may grow to
 */
public record DecisionContext(long entryVersion, Supplier<UUID> ids, ClusterLimits limits) {}

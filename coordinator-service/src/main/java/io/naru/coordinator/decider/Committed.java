package io.naru.coordinator.decider;

/**
 * The answer to a command whose decision is applied.
 *
 * @param version an image version that shows it
 */
public record Committed<R>(R response, long version) {}

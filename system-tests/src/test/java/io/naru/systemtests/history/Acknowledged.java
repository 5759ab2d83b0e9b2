package io.naru.systemtests.history;

/** A write that was acknowledged: its value, unique in the run, and the place its receipt named. */
public record Acknowledged(String value, int partition, long offset) {}

package io.naru.systemtests.history;

/** A record as a reader got it. */
public record Seen(int partition, long offset, String value) {}

package io.naru.benchmarks.services;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A server under load that speaks Naru's HTTP API, or enough of it. */
public interface Server extends AutoCloseable {

    /** Where it listens, on loopback. */
    InetSocketAddress address();

    /** Processor time it has used so far, over all cores; zero where the system does not tell. */
    Duration cpu();

    /**
     * Memory it has in use, in bytes.
     *
     * @throws IOException where the system does not tell
     */
    long residentBytes() throws IOException;

    /** Stops it and waits until it has. */
    @Override
    void close() throws IOException;
}

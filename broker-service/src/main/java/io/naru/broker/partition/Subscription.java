package io.naru.broker.partition;

/** Ends a wish to be told; calling it again does nothing. Thread-safe. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}

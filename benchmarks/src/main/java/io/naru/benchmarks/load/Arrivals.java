package io.naru.benchmarks.load;

/** When requests are sent. */
public sealed interface Arrivals {

    /** Each connection sends its next request as soon as it has an answer: shows throughput, hides waiting. */
    record Closed() implements Arrivals {}

    /**
     * Requests are due at even intervals whether or not the server keeps up, and latency counts from when each was due
     * (no coordinated omission).
     *
     * @param perSecond requests a second over all connections
     */
    record Paced(double perSecond) implements Arrivals {
        public Paced {
            if (!(perSecond > 0)) {
                throw new IllegalArgumentException("a rate is a positive number of requests a second");
            }
        }

        /** Nanoseconds after the start at which the request with this number, from 0, is due. */
        long dueNanos(long number) {
            return (long) (number * (1e9 / perSecond));
        }
    }
}

package io.naru.benchmarks.log;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a benchmark's operations moved; JMH tells it per second. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Amount {
    /** Bytes of whole batches, headers included. */
    public long bytes;

    /** Records that a cursor went over. */
    public long records;
}

package io.naru.broker.api.v1.stream;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.NaruException;
import java.util.function.BooleanSupplier;

/**
 * What a stream has to say, asked for chunk by chunk. Unless they say otherwise, its methods are called by one
 * thread at a time, a virtual one, so they may block on the disk.
 */
interface ChunkSource {
    /** Called once, before anything else; from now on {@code news} may be called on any thread when there is more. */
    void open(Runnable news);

    /**
     * Writes the next chunk into the bench's sink, nothing when there is nothing to say now.
     *
     * @param abandoned true once nobody wants the chunk any more, for looking at between two steps of long work
     * @return what follows
     */
    Next fill(Workbench bench, BooleanSupplier abandoned);

    /** What was written last has been handed on; for counting. */
    void sent(int bytes);

    /** Writes a sign of life. */
    void heartbeat(Workbench bench);

    /** The bench is taken away; what lies on it is fetched again by the next {@link #fill}. */
    void letGoOfBench();

    /** Lets the next {@link #fill} say that the stream ends and why. Any thread; the caller wakes the stream. */
    void endWith(NaruException reason);

    /** Whether a new image of the cluster is news to this source. Any thread; must be quick. */
    boolean isAffectedBy(ClusterImage image);

    /** Called once, last. */
    void close();

    /** What follows a call of {@link #fill}. */
    enum Next {
        /** More may be there at once. */
        MORE,
        /** Nothing is, until {@code news} is called. */
        WAIT,
        /** Nothing will be: the stream ends behind what was written. */
        END
    }
}

package io.naru.broker.api.v1.stream;

import io.naru.broker.api.v1.read.PartitionScan;
import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.record.RecordWriter;

/**
 * The memory that making a chunk takes: a slice of the log and the text that comes of it. A stream holds one only while
 * it has something to say. Confined to one thread at a time.
 */
final class Workbench {
    private static final int INITIAL_SINK_BYTES = 4096;

    private final ByteSink sink = new ByteSink(INITIAL_SINK_BYTES);
    private final RecordWriter writer = new RecordWriter(sink);
    private final PartitionScan scan = new PartitionScan();
    private boolean spoiled;

    ByteSink sink() {
        return sink;
    }

    RecordWriter writer() {
        return writer;
    }

    PartitionScan scan() {
        return scan;
    }

    /** Something broke off half-way here; no other stream is to work on it. */
    void spoil() {
        spoiled = true;
    }

    boolean isSpoiled() {
        return spoiled;
    }
}

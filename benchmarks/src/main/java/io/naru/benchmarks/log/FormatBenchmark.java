package io.naru.benchmarks.log;

import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.v1.record.RecordWriter;
import io.naru.commitlog.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Stored records into the JSON that readers get. An operation is a record with a JSON value of 100 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FormatBenchmark {
    private static final int RECORDS = 128;
    private static final RecordFormat ON_ONE_LINE = new RecordFormat(false, true);

    private final ByteSink sink = new ByteSink(1 << 16);
    private final RecordWriter writer = new RecordWriter(sink);
    private final RecordCursor cursor = new RecordCursor();
    private ByteBuffer batch;

    /** Builds the batch. */
    @Setup
    public void prepare() {
        batch = SampleRecords.batchOf(RECORDS);
    }

    /** As a stream of lines or events does it. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int json() {
        sink.truncate(0);
        cursor.reset(batch);
        while (cursor.next()) {
            writer.write("orders", 0, cursor, ON_ONE_LINE);
        }
        return sink.size();
    }
}

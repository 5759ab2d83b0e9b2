package io.naru.benchmarks.log;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.batch.RecordHeaders;
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

/** A cursor over the records of a batch. An operation is a record; a batch holds 128 of them with 100-byte values. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DecodeBenchmark {
    private static final int RECORDS = 128;

    private final RecordCursor cursor = new RecordCursor();
    private ByteBuffer batch;

    /** Builds the batch. */
    @Setup
    public void prepare() {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20);
        for (byte[] value : SampleRecords.values(RECORDS, 100)) {
            builder.tryAppend(SampleRecords.FIRST_TIMESTAMP, value, 0, -1, value, 0, value.length, RecordHeaders.NONE);
        }
        batch = builder.build(Codec.NONE);
    }

    /** Offset, timestamp and the place of the value, of every record. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long cursor() {
        long sum = 0;
        cursor.reset(batch);
        while (cursor.next()) {
            sum += cursor.offset() + cursor.timestamp() + cursor.valueOffset() + cursor.valueLength();
        }
        return sum;
    }
}

package io.naru.benchmarks.log;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A batch of 64 KiB of readings through each codec at its default level. An operation is a batch; bytes are those of
 * the batch before compression.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CompressionBenchmark {
    private static final int BATCH_BYTES = 64 * 1024;

    /** How the batch is compressed. */
    @Param({"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    private Codec codec = Codec.GZIP;

    private final RecordBatchBuilder builder = new RecordBatchBuilder(BATCH_BYTES);
    private final RecordCursor cursor = new RecordCursor();
    private ByteBuffer compressed;

    /** Fills the batch. */
    @Setup
    public void prepare() {
        SampleRecords.fillWithReadings(builder);
        ByteBuffer built = builder.build(codec);
        compressed = ByteBuffer.allocate(built.remaining()).put(built).flip();
    }

    /** From records in place to a finished batch, checksum included. */
    @Benchmark
    public ByteBuffer compress(Amount amount) {
        amount.bytes += builder.sizeInBytes();
        return builder.build(codec);
    }

    /** A cursor over every record of the compressed batch. */
    @Benchmark
    public long decompress(Amount amount) {
        long sum = 0;
        cursor.reset(compressed);
        while (cursor.next()) {
            sum += cursor.offset() + cursor.valueLength();
        }
        amount.bytes += builder.sizeInBytes();
        return sum;
    }
}

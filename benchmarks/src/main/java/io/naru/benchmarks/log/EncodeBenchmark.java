package io.naru.benchmarks.log;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Records into a finished batch, checksum included. An operation is a record; a batch holds 128 of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EncodeBenchmark {
    private static final int RECORDS = 128;

    /** Bytes of each value. */
    @Param({"100", "1024"})
    private int valueBytes;

    private final byte[] key = "sensor-1234".getBytes(StandardCharsets.US_ASCII);
    private final RecordHeaders headers = new RecordHeaders();
    private final RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20);
    private byte[][] values;

    /** Makes the values. */
    @Setup
    public void prepare() {
        values = SampleRecords.values(RECORDS, valueBytes);
        headers.add("trace", "4bf92f3577b34da6".getBytes(StandardCharsets.US_ASCII));
    }

    /** Values alone, uncompressed. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ByteBuffer values() {
        return encode(-1, RecordHeaders.NONE);
    }

    /** With a key of 11 bytes and one header, uncompressed. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ByteBuffer keysAndHeaders() {
        return encode(key.length, headers);
    }

    private ByteBuffer encode(int keyLength, RecordHeaders recordHeaders) {
        builder.reset();
        for (int i = 0; i < RECORDS; i++) {
            byte[] value = values[i];
            if (!builder.tryAppend(
                    SampleRecords.FIRST_TIMESTAMP + i, key, 0, keyLength, value, 0, value.length, recordHeaders)) {
                throw new IllegalStateException("a batch of 1 MiB must hold " + RECORDS + " records");
            }
        }
        return builder.build(Codec.NONE);
    }
}

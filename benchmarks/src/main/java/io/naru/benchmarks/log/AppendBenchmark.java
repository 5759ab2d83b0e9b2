package io.naru.benchmarks.log;

import io.naru.commitlog.CommitLog;
import io.naru.commitlog.disk.PrivateThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Already encoded batches of 16 KiB into the page cache, beside the same bytes written to a bare file. An operation
 * fills a fresh log (or file), which is deleted, unmeasured, before the kernel has to write it back; the disk's speed is for {@link ForcedAppendBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class AppendBenchmark {
    private static final int BATCH_BYTES = 16 * 1024;

    /** What an operation writes. */
    @Param("256")
    private int mebibytes;

    private final ByteBuffer batch = SampleRecords.batch(BATCH_BYTES);
    private final ByteBuffer bareBatch = SampleRecords.direct(batch);
    private LogFolder folder;
    private CommitLog log;
    private Path bareFolder;
    private Path file;
    private FileChannel bare;
    private int number;
    private int batches;

    /** Opens the data directory. */
    @Setup
    public void openFolder() throws IOException {
        folder = new LogFolder();
        batches = (mebibytes << 20) / BATCH_BYTES;
        bareFolder = LogFolder.newFolder();
        file = bareFolder.resolve("bare");
    }

    /** Opens an empty log and an empty file. */
    @Setup(Level.Invocation)
    public void openLog() throws IOException {
        log = folder.open("orders/" + number);
        bare = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Appends one after the other, without a force. */
    @Benchmark
    public long log(Amount amount) throws IOException {
        PrivateThreads.runHere(() -> {
            for (int i = 0; i < batches; i++) {
                log.append(batch.clear(), 1, SampleRecords.FIRST_TIMESTAMP + i);
            }
        });
        amount.bytes += (long) batches * batch.capacity();
        return log.logEndOffset();
    }

    /** The limit: the same bytes in a file. */
    @Benchmark
    public long bareFile(Amount amount) throws IOException {
        long position = 0;
        for (int i = 0; i < batches; i++) {
            position += bare.write(bareBatch.clear(), position);
        }
        amount.bytes += position;
        return position;
    }

    /** Drops what was written. */
    @TearDown(Level.Invocation)
    public void deleteLog() throws IOException {
        bare.close();
        Files.delete(file);
        folder.delete("orders/" + number++);
    }

    /** Removes the folders. */
    @TearDown
    public void closeFolder() throws IOException {
        LogFolder.delete(bareFolder);
        folder.close();
    }
}

package io.naru.benchmarks.suite;

import static io.naru.benchmarks.suite.JmhFigure.allocated;
import static io.naru.benchmarks.suite.JmhFigure.gibibytes;
import static io.naru.benchmarks.suite.JmhFigure.mebibytes;
import static io.naru.benchmarks.suite.JmhFigure.millionRecords;
import static io.naru.benchmarks.suite.JmhFigure.millions;
import static io.naru.benchmarks.suite.JmhFigure.operations;

import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Goal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is told of the JMH benchmarks of {@link io.naru.benchmarks.log}. */
final class LogFigures {
    private static final Map<String, String> SMALL = Map.of("valueBytes", "100");
    private static final Map<String, String> LARGE = Map.of("valueBytes", "1024");
    private static final Map<String, String> BATCH_1K = Map.of("batchBytes", "1024");
    private static final Map<String, String> BATCH_16K = Map.of("batchBytes", "16384");
    private static final Map<String, String> BATCH_1M = Map.of("batchBytes", "1048576");

    private static final Figure COPY = named("limit: memory copy, 16 KiB", "GiB/s");
    private static final Figure COPY_MUCH = named("limit: memory copy, 256 MiB", "GiB/s");
    private static final Figure CRC = named("limit: CRC-32C, 16 KiB", "GiB/s");
    private static final Figure FILE_WRITE = named("limit: file write, 16 KiB", "GiB/s");
    private static final Figure FILE_FORCE_16K = named("limit: file write + force, 16 KiB", "/s");
    private static final Figure FILE_FORCE_1M = named("limit: file write + force, 1 MiB", "GiB/s");
    private static final Figure FILE_GROUP_1K = named("limit: 64 x 1 KiB to a file, forced once", "MiB/s");
    private static final Figure FILE_GROUP_16K = named("limit: 64 x 16 KiB to a file, forced once", "MiB/s");
    private static final Figure FILE_READ = named("limit: file read, 1 MiB", "GiB/s");

    private static final double BLOCKS_PER_GIB = (1 << 30) / (16.0 * 1024);

    /** In the order they are measured and printed. */
    static final List<JmhFigure> ALL = List.of(
            new JmhFigure(COPY, "LimitBenchmark.memoryCopy", Map.of(), null, BLOCKS_PER_GIB),
            new JmhFigure(COPY_MUCH, "LimitBenchmark.memoryCopyOfMuch", Map.of(), null, 4),
            new JmhFigure(CRC, "LimitBenchmark.crc32c", Map.of(), null, BLOCKS_PER_GIB),
            millions(
                    named("encode, 100 B values", "M records/s").withGoal(Goal.atLeast(4)),
                    "EncodeBenchmark.values",
                    SMALL),
            allocated(named("  allocated", "B/record").withGoal(Goal.atMost(1)), "EncodeBenchmark.values", SMALL),
            millions(named("encode, 1 KiB values", "M records/s"), "EncodeBenchmark.values", LARGE),
            millions(named("encode, 100 B, key and header", "M records/s"), "EncodeBenchmark.keysAndHeaders", SMALL),
            millions(named("decode by cursor, 100 B", "M records/s"), "DecodeBenchmark.cursor", Map.of()),
            allocated(
                    named("  allocated by the cursor", "B/record").withGoal(Goal.atMost(1)),
                    "DecodeBenchmark.cursor",
                    Map.of()),
            compress("GZIP"),
            compress("SNAPPY"),
            compress("LZ4"),
            compress("ZSTD"),
            decompress("GZIP"),
            decompress("SNAPPY"),
            decompress("LZ4"),
            decompress("ZSTD"),
            millions(named("format as JSON, 100 B", "M records/s"), "FormatBenchmark.json", Map.of()),
            allocated(named("  allocated by formatting", "B/record"), "FormatBenchmark.json", Map.of()),
            gibibytes(FILE_WRITE, "AppendBenchmark.bareFile", Map.of()),
            gibibytes(
                    named("append, 16 KiB batches, no force", "GiB/s")
                            .beside(FILE_WRITE)
                            .withGoal(Goal.atLeast(1)),
                    "AppendBenchmark.log",
                    Map.of()),
            allocated(named("  allocated by append", "B/MiB"), "AppendBenchmark.log", Map.of()),
            operations(FILE_FORCE_16K, "ForcedAppendBenchmark.bareFile", BATCH_16K),
            operations(
                    named("append + force, 16 KiB", "/s").beside(FILE_FORCE_16K),
                    "ForcedAppendBenchmark.log",
                    BATCH_16K),
            gibibytes(FILE_FORCE_1M, "ForcedAppendBenchmark.bareFile", BATCH_1M),
            gibibytes(
                    named("append + force, 1 MiB", "GiB/s").beside(FILE_FORCE_1M),
                    "ForcedAppendBenchmark.log",
                    BATCH_1M),
            mebibytes(FILE_GROUP_1K, "GroupCommitBenchmark.bareFile", BATCH_1K),
            mebibytes(
                    named("64 writers, 1 KiB each, acknowledged", "MiB/s")
                            .beside(FILE_GROUP_1K)
                            .withGoal(Goal.atLeastOfOther(0.8)),
                    "GroupCommitBenchmark.writers",
                    BATCH_1K),
            mebibytes(FILE_GROUP_16K, "GroupCommitBenchmark.bareFile", BATCH_16K),
            mebibytes(
                    named("64 writers, 16 KiB each, acknowledged", "MiB/s")
                            .beside(FILE_GROUP_16K)
                            .withGoal(Goal.atLeastOfOther(0.8)),
                    "GroupCommitBenchmark.writers",
                    BATCH_16K),
            gibibytes(FILE_READ, "ReadBenchmark.bareFile", Map.of()),
            gibibytes(
                    named("read 1 MiB slices into a buffer", "GiB/s")
                            .beside(COPY_MUCH)
                            .withGoal(Goal.atLeastOfOther(0.5)),
                    "ReadBenchmark.intoBuffer",
                    Map.of()),
            gibibytes(
                    named("read 1 MiB slices into an array", "GiB/s").beside(FILE_READ),
                    "ReadBenchmark.intoArray",
                    Map.of()),
            millionRecords(named("read 1 MiB slices by cursor", "M records/s"), "ReadBenchmark.throughCursor"),
            millions(named("find an offset", "M/s"), "LookupBenchmark.byOffset", Map.of()),
            millions(named("find a time", "M/s"), "LookupBenchmark.byTime", Map.of()));

    private LogFigures() {}

    private static JmhFigure compress(String codec) {
        return gibibytes(
                named("compress 64 KiB, " + codec.toLowerCase(Locale.ROOT), "GiB/s")
                        .beside(COPY),
                "CompressionBenchmark.compress",
                Map.of("codec", codec));
    }

    private static JmhFigure decompress(String codec) {
        return gibibytes(
                named("decompress 64 KiB by cursor, " + codec.toLowerCase(Locale.ROOT), "GiB/s")
                        .beside(COPY),
                "CompressionBenchmark.decompress",
                Map.of("codec", codec));
    }

    private static Figure named(String name, String unit) {
        return Figure.of("log", name, unit);
    }
}

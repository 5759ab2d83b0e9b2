package io.naru.benchmarks.json;

import io.naru.broker.api.json.JsonScanner;
import io.naru.broker.api.json.Utf8;
import io.naru.broker.api.v1.produce.RecordParser;
import io.naru.broker.api.v1.produce.RecordSlot;
import io.naru.broker.api.web.HttpLimits;
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
import org.openjdk.jmh.infra.Blackhole;

/** Lines of NDJSON into record slots. An operation is a record; a block holds 128 of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class JsonLinesBenchmark {
    private static final int LINES = 128;
    private static final int BLOCKS = 64;

    /** What the lines hold. */
    @Param
    private SampleLines lines = SampleLines.SMALL;

    private final RecordSlot slot = new RecordSlot();
    private final JsonScanner scanner = new JsonScanner(HttpLimits.DEEPEST_JSON);
    private final RecordParser parser = new RecordParser(scanner, slot);
    private final JacksonRecordParser jackson = new JacksonRecordParser(HttpLimits.DEEPEST_JSON, slot);
    private SampleLines.Block[] blocks;
    private int next;

    /** Makes the lines. */
    @Setup
    public void prepare() {
        blocks = lines.blocks(BLOCKS, LINES);
    }

    /** As the broker does it. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void naru(Blackhole sink) {
        SampleLines.Block block = nextBlock();
        int from = 0;
        for (int end : block.ends()) {
            scanner.reset(block.bytes(), from, end);
            String problem = parser.read();
            scanner.expectEnd();
            if (problem != null) {
                throw new IllegalStateException(problem);
            }
            sink.consume(slot);
            from = end + 1;
        }
    }

    /** Jackson, a parser for each line, so that a line that is no JSON concerns no other. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void jacksonByLine(Blackhole sink) {
        SampleLines.Block block = nextBlock();
        int from = 0;
        for (int end : block.ends()) {
            jackson.open(block.bytes(), from, end);
            jackson.next();
            jackson.expectEnd();
            sink.consume(slot);
            from = end + 1;
        }
    }

    /** Jackson at its best, one parser for all lines of a block, which makes sure that each record is one line. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void jacksonByBlock(Blackhole sink) {
        parseBlock(nextBlock(), sink);
    }

    /** The same, and beforehand the check that the block is well-formed UTF-8, which Jackson does not make. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void jacksonByBlockOfUtf8(Blackhole sink) {
        SampleLines.Block block = nextBlock();
        if (!Utf8.isValid(block.bytes(), 0, block.bytes().length)) {
            throw new IllegalStateException("invalid UTF-8");
        }
        parseBlock(block, sink);
    }

    private void parseBlock(SampleLines.Block block, Blackhole sink) {
        jackson.open(block.bytes(), 0, block.bytes().length);
        int from = 0;
        for (int end : block.ends()) {
            int recordEnd = jackson.next();
            if (recordEnd <= from || recordEnd > end) {
                throw new IllegalStateException("a record that is not one line");
            }
            sink.consume(slot);
            from = end;
        }
        jackson.expectEnd();
    }

    private SampleLines.Block nextBlock() {
        next = (next + 1) % BLOCKS;
        return blocks[next];
    }
}

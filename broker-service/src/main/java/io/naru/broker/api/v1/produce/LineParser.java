package io.naru.broker.api.v1.produce;

import io.naru.broker.api.error.Problem;
import io.naru.broker.api.json.JsonScanner;
import io.naru.broker.api.json.JsonSyntaxException;
import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.partition.Partitions;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Reads the lines of one stream into blocks. Used by one thread at a time. */
final class LineParser {
    private final Partitions partitions;
    private final String topic;
    private final HttpLimits limits;
    private final InstantSource clock;
    private final RecordSlot slot = new RecordSlot();
    private final JsonScanner scanner;
    private final RecordParser parser;
    private int keylessPartition = -1;

    LineParser(Partitions partitions, String topic, HttpLimits limits, InstantSource clock) {
        this.partitions = partitions;
        this.topic = topic;
        this.limits = limits;
        this.clock = clock;
        this.scanner = new JsonScanner(limits.maxJsonDepth());
        this.parser = new RecordParser(scanner, slot);
    }

    /**
     * The block of what came.
     *
     * @param bytes where its lines lie; changed where strings have escapes
     */
    LineBlock parse(LineSplitter.Piece piece, byte[] bytes) {
        return switch (piece) {
            case LineSplitter.Piece.Lines lines -> parse(lines, bytes);
            case LineSplitter.Piece.TooLong(long line) -> {
                var block = new LineBlock(true, null, 0);
                block.addProblem(
                        line,
                        new Problem(
                                ErrorCode.RECORD_TOO_LARGE,
                                "The line is longer than the %d bytes of http.max-request-bytes; it was passed over."
                                        .formatted(limits.maxRequestBytes())));
                yield block;
            }
        };
    }

    private LineBlock parse(LineSplitter.Piece.Lines lines, byte[] bytes) {
        BatchAssembler records;
        try {
            records = new BatchAssembler(partitions, topic, clock.millis(), keylessPartition);
        } catch (NaruException topicIsGone) {
            var block = new LineBlock(false, null, lines.to() - lines.from());
            Problem problem = Problem.of(topicIsGone);
            forEachLine(lines, bytes, (number, _, _) -> block.addProblem(number, problem));
            return block;
        }
        var block = new LineBlock(true, records, lines.to() - lines.from());
        forEachLine(lines, bytes, (number, from, to) -> {
            Problem problem = readLine(records, bytes, from, to);
            if (problem == null) {
                block.addRecord(number);
            } else {
                block.addProblem(number, problem);
            }
        });
        keylessPartition = records.keylessPartition();
        records.encode();
        return block;
    }

    private @Nullable Problem readLine(BatchAssembler records, byte[] bytes, int from, int to) {
        scanner.reset(bytes, from, to);
        try {
            String wrong = parser.read();
            scanner.expectEnd();
            if (wrong != null) {
                return new Problem(ErrorCode.INVALID_RECORD, wrong);
            }
        } catch (JsonSyntaxException e) {
            return new Problem(ErrorCode.INVALID_JSON, "The line is no JSON: " + e.detail() + " of it.");
        }
        NaruException refusal = records.add(slot);
        return refusal == null ? null : Problem.of(refusal);
    }

    private interface LineUser {
        void use(long number, int from, int to);
    }

    private static void forEachLine(LineSplitter.Piece.Lines lines, byte[] bytes, LineUser user) {
        long number = lines.firstLine();
        int from = lines.from();
        boolean blank = true;
        for (int i = from; i < lines.to(); i++) {
            byte b = bytes[i];
            if (b == '\n') {
                if (!blank) {
                    user.use(number, from, i);
                }
                number++;
                from = i + 1;
                blank = true;
            } else {
                blank &= b == ' ' || b == '\t' || b == '\r';
            }
        }
        if (!blank) {
            user.use(number, from, lines.to());
        }
    }
}
